"""`grade watch`: grade a lesson on every save, and never show a verdict on a file that has changed since.

One loop waits for keys, signals, file changes and the engine of rounds (`grader.live`), and passes what they tell to
a face: the screen, which is cleared at each save, or plain text that grows.
"""

import argparse
import contextlib
import importlib
import itertools
import os
import selectors
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from grader.commands import Answer, Context, add_allow_unconfined, add_submission, show
from grader.commands.terminal import Quit, Terminal, can_draw
from grader.commands.watch_plain import Plain
from grader.commands.watch_screen import KEYS, Look, as_keys, page_height, page_lines, place_of, prose, screen, top_of
from grader.commands.watch_state import Beside, Page, State, after, following, opened
from grader.course import shipped
from grader.course.model import Lesson
from grader.course.submission import read_submission
from grader.errors import GraderError, UsageError
from grader.live import file_watcher
from grader.live.events import Done, Drawn, Event, Loaded, Loading, Reason, Started
from grader.live.rounds import Rounds
from grader.live.waiting import wait
from grader.progress.cache import Memory
from grader.progress.next_step import required_of
from grader.reports import text
from grader.reports.text import Style
from grader.verdict import Report, Status

TICK_SECONDS = 0.25
"""How often the screen shows for how long something has been going on."""
MAX_LOG_LINES = 2000
_END = 10**9
Actions = Mapping[str, Callable[[], None]]


class Face(Protocol):
    """Shows in its own way what happens; the screen shows the state, and needs no more."""

    def tell(self, event: Event, state: State) -> None:
        """Show an event."""

    def say(self, line: str) -> None:
        """Show a sentence."""

    def ask(self, question: str) -> None:
        """Show a question that the next key answers."""

    def page(self, title: str, lines: list[str]) -> None:
        """Show something longer."""


@dataclass
class _Session:
    """What the loop keeps beside the state."""

    answers: Actions | None = None
    """What each key does while a question is open; every other key declines."""
    log: list[str] = field(default_factory=list)
    since: float = 0.0
    """When what is going on began."""
    look_seconds: float = file_watcher.LOOK_SECONDS
    is_deaf: threading.Event = field(default_factory=threading.Event)
    """Set where the system does not report file changes."""
    asks_later: Callable[[], None] | None = None
    """A question that waits for the end of the round, where its text would come into the report."""


class Watch:
    """The loop and its state."""

    def __init__(self, context: Context, memory: Memory, terminal: Terminal, face: Face | None) -> None:
        self._context = context
        self._terminal = terminal
        self._face = face
        """None for the screen."""
        self._rounds = Rounds(context.course, context.submission, memory)
        self._files = file_watcher.Files(
            [context.submission, context.course.root / "lessons", context.course.root / "solutions"]
        )
        self._state = State()
        self._session = _Session()
        self._look = Look(context.style, "" if _finds_places() else str(Path.cwd()))

    def run(self, lesson: Lesson) -> str:
        """Watch until the student leaves; return where they stand."""
        self._enter(lesson)
        self._draw()
        with self._rounds, self._files:
            if said := shipped.sentence(lesson):
                self._say(said)
            threading.Thread(target=self._probe, daemon=True).start()
            self._tell(self._rounds.open(lesson))
            self._loop()
        passed, counted = sum(row.has_passed for row in self._state.counted), len(self._state.counted)
        return "" if self._face is not None else f"{self._state.title}: {passed} of {counted} exercises have passed."

    def _probe(self) -> None:
        """Check whether the system reports file changes."""
        with contextlib.suppress(OSError):
            folder = self._context.course.root / ".grade"
            folder.mkdir(exist_ok=True)
            if not file_watcher.events_arrive(folder):
                self._session.is_deaf.set()

    def _loop(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._files, selectors.EVENT_READ)
            for descriptor in self._terminal.descriptors:
                selector.register(descriptor, selectors.EVENT_READ)
            while True:
                self._draw()
                is_busy = bool(self._rounds.waits_for()) and self._face is None
                seconds = min(self._session.look_seconds, TICK_SECONDS if is_busy else _END)
                ready = wait(selector, self._rounds, seconds)
                if self._session.is_deaf.is_set():
                    self._look_often()
                # A save comes first: it makes the findings of the running check processes stale.
                changed = self._files.changed()
                found = self._rounds.changed(changed, self._state.focus) if changed else []
                self._tell(found or self._rounds.read(ready, self._state.focus))
                if self._terminal.bell in ready:
                    self._terminal.hear_signals()
                if self._terminal.has_keys and self._terminal.descriptors[-1] in ready and not self._take_keys():
                    return

    def _look_often(self) -> None:
        self._session.is_deaf.clear()
        self._session.look_seconds = file_watcher.PATIENT_SECONDS
        self._say(
            "The system does not report file changes here (a network drive?): checking every"
            f" {file_watcher.PATIENT_SECONDS} s instead."
        )

    # What happens

    def _tell(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Started):
                self._session.answers = None
                if event.reason is Reason.OPENED:
                    self._enter(event.lesson)
            self._state = after(self._state, event)
            if isinstance(event, Loading | Loaded) or (isinstance(event, Started) and not self._state.now.loading):
                self._session.since = time.monotonic()
            if isinstance(event, Started):
                at = time.strftime("%H:%M:%S")
                self._state = replace(self._state, now=replace(self._state.now, at=at))
            if isinstance(event, Done):
                self._note(event)
            if self._face is not None:
                self._face.tell(event, self._state)
            elif isinstance(event, Drawn):
                self._page(f"Picture of {event.exercise}", str(event.fault or event.answer))
            if isinstance(event, Done) and self._session.asks_later is not None:
                asks, self._session.asks_later = self._session.asks_later, None
                asks()

    def _enter(self, lesson: Lesson) -> None:
        """Show a lesson with what is known before it is graded."""
        self._context = replace(self._context, course=self._rounds.course)
        source = read_submission(self._context.submission, lesson.name)
        try:
            before = self._context.statuses(lesson)
            self._state = opened(self._state, lesson, source, before, self._beside(lesson))
        except GraderError:  # told when it is graded
            self._state = replace(self._state, title=f"{lesson.id} {lesson.title}", rows=())

    def _beside(self, lesson: Lesson) -> Beside:
        """Return what the screen shows of the rest of the course."""
        passed = counted = 0
        for other in (each for each in self._context.course.lessons if each.name != lesson.name):
            with contextlib.suppress(GraderError):
                names = [each.name for each in required_of(other)]
                statuses = self._context.statuses(other)
                counted += len(names)
                passed += sum(statuses.get(name) is Status.PASSED for name in names)
        later = self._lesson_after(lesson)
        following = f"{later.id} {later.title}" if later is not None else ""
        return Beside(passed, counted, f"lessons/{lesson.name}/README.md", following)

    def _lesson_after(self, lesson: Lesson) -> Lesson | None:
        later = itertools.dropwhile(lambda each: each.name != lesson.name, self._rounds.course.lessons)
        return next(itertools.islice(later, 1, None), None)

    def _note(self, event: Done) -> None:
        """Write a round into the log."""
        if event.lesson is None:
            said = "Not scored: a bug in the workbook, not in your code."
        else:
            report = Report((event.lesson,), event.isolation)
            said = self._as_keys(text.render(report, Style(), event.seconds, self._context.next_step(report)))
        rule = f"--- {self._state.now.at} "
        lines = [f"{rule}{'-' * (60 - len(rule))}", *said.splitlines(), ""]
        self._session.log = [*self._session.log, *lines][-MAX_LOG_LINES:]

    # What is shown

    def _draw(self, *, whole: bool = False) -> None:
        if self._face is not None:
            return
        now = self._state.now
        if now.loading or now.grading:
            now = replace(now, seconds=time.monotonic() - self._session.since)
        width, height = self._terminal.size()
        self._terminal.draw(screen(replace(self._state, now=now), width, height, self._look), whole=whole)

    def _say(self, line: str) -> None:
        self._state = replace(self._state, notice=line)
        if self._face is not None:
            self._face.say(line)

    def _page(self, title: str, content: str, top: int = 0) -> None:
        lines = self._as_keys(content).strip("\n").splitlines()
        if self._face is not None:
            self._face.page(title, lines)
        else:
            self._state = replace(self._state, page=Page(title, tuple(lines), top))

    def _ask(self, question: str, answers: Actions) -> None:
        """Ask a question: the next key answers it, and what was typed ahead does not."""
        self._terminal.drop_typed()
        self._session.answers = answers
        self._state = replace(self._state, question=question, page=None, notice="")
        if self._face is not None:
            self._face.ask(question)

    def _as_keys(self, said: str) -> str:
        return as_keys(said, self._state) if self._terminal.has_keys else said

    # Keys

    def _take_keys(self) -> bool:
        """Act on the pressed keys; return False if one of them quits."""
        for key in self._terminal.pressed():
            if key == "end" or (key.lower() == "q" and self._session.answers is None):
                return False
            if self._session.answers is not None:
                # One key answers, and nothing that was typed with it does anything.
                self._answer(key.lower())
                return True
            self._press(key.lower())
            if self._session.answers is not None:
                return True
        return True

    def _answer(self, key: str) -> None:
        answers, self._session.answers = self._session.answers or {}, None
        self._state = replace(self._state, question="")
        self._terminal.drop_typed()
        if key in answers:
            answers[key]()
        else:
            self._say("Nothing was changed.")

    def _press(self, key: str) -> None:
        if self._state.page is not None and self._turn(key):
            return
        self._state = replace(self._state, page=None, notice="")
        actions: Actions = {
            "n": lambda: self._when_quiet(self._go_on),
            "h": lambda: self._show_answer("Hint", "hint", self._exercise()),
            "p": self._draw_picture,
            "v": self._show_verdict,
            "l": lambda: self._page("Log", "\n".join(self._session.log or ["Nothing was graded yet."]), _END),
            "c": lambda: self._show_answer("The course", "list", None),
            "r": lambda: self._tell(self._rounds.begin(Reason.REQUESTED, self._state.focus)),
            "x": lambda: self._when_quiet(self._ask_reset),
            "u": lambda: self._change("undo", [self._rounds.lesson.id]),
            "?": lambda: self._page("Keys", "\n".join(f"  {k}  {word:<8} {what}" for k, (word, what) in KEYS.items())),
            "redraw": lambda: self._draw(whole=True),
        }
        if key in actions:
            actions[key]()

    def _turn(self, key: str) -> bool:
        """Turn the pages of something longer; return whether the key does that."""
        page = self._state.page
        assert page is not None
        width, height = self._terminal.size()
        room, number = page_height(height), len(page_lines(page, width))
        step = {"page down": room, "page up": -room, "b": -room, "down": 1, "j": 1, "up": -1, "k": -1}.get(key)
        if step is None:
            return False
        top = top_of(page, number, room)
        self._state = replace(self._state, page=replace(page, top=max(0, min(top + step, number - room))))
        return True

    def _when_quiet(self, asks: Callable[[], None]) -> None:
        """Ask now; in growing text, once a running round is over: a question must not come into its report."""
        if self._face is not None and self._rounds.is_running:
            self._session.asks_later = asks
        else:
            asks()

    def _exercise(self) -> str:
        """Return the exercise on the screen; empty for growing text, which shows all."""
        return self._state.row.name if self._face is None and self._state.row is not None else ""

    def _ask_reset(self) -> None:
        lesson, exercise = self._rounds.lesson.id, self._exercise()
        kept = "Your version is kept; u restores it."
        file = f"{self._rounds.lesson.name}.py"
        if exercise:
            self._ask(
                f"Reset {exercise} to the starter code? {kept} y/N, or a for all of {file}",
                {
                    "y": lambda: self._change("reset", [lesson, exercise]),
                    "a": lambda: self._change("reset", [lesson]),
                },
            )
        else:
            question = f"Reset {file} to the starter code? {kept} y/N"
            self._ask(question, {"y": lambda: self._change("reset", [lesson])})

    def _go_on(self) -> None:
        """Go on to the next exercise or lesson; ask first where this one has not passed."""
        state = self._state
        row = state.row if self._face is None else None
        other = following(state) if row is not None else None
        lesson = self._lesson_after(self._rounds.lesson)
        if other is None and lesson is None:
            self._say(f"{state.title} is the last lesson.")
            return
        where = other.name if other is not None else f"lesson {lesson.id}" if lesson is not None else ""

        def go() -> None:
            if other is not None:
                self._state = replace(self._state, focus=other.name, notice="")
            elif lesson is not None:
                self._state = replace(self._state, notice="")
                self._open(lesson)

        if row.status is Status.PASSED if row is not None else state.is_complete:
            go()
        else:
            what = row.name if row is not None else state.title
            self._ask(f"{what} has not passed. Go on to {where} all the same? y/N", {"y": go})

    def _open(self, lesson: Lesson) -> None:
        if self._face is not None:
            self._say(f"Next: read lessons/{lesson.name}/README.md, then write exercises/{lesson.name}.py")
        self._tell(self._rounds.open(lesson))

    def _draw_picture(self) -> None:
        exercise = self._exercise() or next((row.name for row in self._state.rows if row.has_failed), "")
        exercise = exercise or (self._state.rows[0].name if self._state.rows else "")
        source = read_submission(self._context.submission, self._rounds.lesson.name)
        width, _ = self._terminal.size()
        if exercise and self._rounds.draw(show.job(self._rounds.lesson, source, exercise, width)):
            self._say(f"Drawing {exercise} ...")
        else:
            self._say("Still grading: try again in a moment.")

    def _show_verdict(self) -> None:
        row = self._state.row
        if row is not None and self._face is None:  # growing text has shown all of it
            self._page(row.name, "\n".join([*prose(self._state), "", *place_of(row)]))

    def _show_answer(self, title: str, command: str, exercise: str | None) -> None:
        """Show what another command says about an exercise, the lesson (empty), or the course (None)."""
        words = [] if exercise is None else [self._rounds.lesson.id, *([exercise] if exercise else [])]
        with self._told_errors():
            self._page(title, self._command(command, words).text)

    def _change(self, command: str, words: list[str]) -> None:
        """Let another command change the student's file; its save starts a round, which must not hide what it said."""
        with self._told_errors():
            said = self._as_keys(self._command(command, words).text).strip()
            path = self._context.submission / f"{self._rounds.lesson.name}.py"
            self._files.changed()
            self._tell(self._rounds.changed({path}, self._state.focus))
            self._say(said)

    def _command(self, word: str, words: list[str]) -> Answer:
        module = importlib.import_module(f"grader.commands.{word}")
        answer: Answer = module.run(replace(self._context, style=Style()), words)
        return answer

    @contextlib.contextmanager
    def _told_errors(self) -> Iterator[None]:
        try:
            yield
        except GraderError as error:
            self._say(self._as_keys(str(error)))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_submission(parser)
    add_allow_unconfined(parser)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Watch with these options."""
    if len(options.words) > 1:
        raise UsageError("grade watch takes at most one lesson: grade watch LESSON")
    memory = Memory(context.course.root, context.submission)
    lesson = context.course.find(options.words[0]) if options.words else _lesson_to_work_on(context, memory)
    draws = can_draw() and not options.plain
    said = ""
    with contextlib.suppress(Quit), Terminal(draws=draws) as terminal:
        face = None if draws else Plain(_until_closed(context), context.style, context.next_step, terminal.has_keys)
        said = Watch(context, memory, terminal, face).run(lesson)
    return Answer(said)


def _until_closed(context: Context) -> Callable[[str], None]:
    """Return what prints, and quits once the terminal is gone."""

    def write(said: str) -> None:
        try:
            context.write(said)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Quit from error

    return write


def _finds_places() -> bool:
    """Whether the terminal itself makes a link of ``file:line``: VS Code's does, and opens the line."""
    return os.environ.get("TERM_PROGRAM") == "vscode" or os.environ.get("TERM") == "linux"


def _lesson_to_work_on(context: Context, memory: Memory) -> Lesson:
    """Return the lesson of the next step, as every command names it; the first one for a folder without a store."""
    if not memory.is_own:
        return context.course.lessons[0]
    with contextlib.suppress(GraderError):  # told when it is graded
        return replace(context, store=memory.store).step().lesson or context.course.lessons[-1]
    return context.course.lessons[0]
