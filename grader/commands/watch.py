"""`grade watch`: grade a lesson on every save, and never show a verdict on a file that has changed since.

One loop waits for keys, file changes, check processes and the clock. A save during grading kills the check processes
and starts over. The screen is never cleared: earlier output stays readable above.
"""

import argparse
import contextlib
import importlib
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.commands import Answer, Context, add_allow_unconfined, add_submission, file_watcher, keyboard, show
from grader.course import shipped
from grader.course.model import Lesson, read_course
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.grading import Options
from grader.errors import GraderError, UsageError
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Failing, Finding, Job
from grader.pool.pool import cores
from grader.progress.cache import Memory
from grader.reports import text
from grader.verdict import PUBLIC, ExerciseVerdict, LessonVerdict, Report, Status

KEYS = {
    "n": ("next", "go on to the next lesson"),
    "h": ("hint", "the next hint for the first exercise that has not passed"),
    "l": ("list", "the whole course and your progress"),
    "p": ("picture", "expected, yours, and the difference"),
    "r": ("run", "grade again"),
    "x": ("reset", "go back to the starter code; your version is kept"),
    "q": ("quit", "leave; nothing is lost"),
}
Command = Callable[[str, Context, list[str]], Answer]
"""Runs another command, by its word."""


@dataclass
class Round:
    """One grading of a lesson: which exercises wait, run, and are done."""

    lesson: Lesson
    source: Source | Unreadable
    """The file as it was when the round began: all exercises are graded from it."""
    waiting: list[str]
    started: float = field(default_factory=time.monotonic)
    processes: list[CheckProcess] = field(default_factory=list)
    found: dict[str, LessonVerdict] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    isolation: str = "confined"
    shown: int = 0
    """Number of exercises printed, in the order of the file."""
    has_told: bool = False
    """Whether a failing check was announced before its exercise was done: only the first one is."""

    def verdict(self) -> LessonVerdict | None:
        """Return the verdict on the whole lesson, or None while a part is missing."""
        parts = [self.found.get(exercise.name) for exercise in self.lesson.exercises]
        if not parts or None in parts:
            return None
        exercises = tuple(exercise for part in parts if part is not None for exercise in part.exercises)
        return LessonVerdict(self.lesson.id, self.lesson.name, self.lesson.title, exercises)


class Watch:
    """The loop and its state; all output goes through ``write``."""

    def __init__(self, context: Context, memory: Memory, command: Command, write: Callable[[str], None]) -> None:
        self._context = context
        self._memory = memory
        self._command = command
        self._write = write
        self._round: Round | None = None
        self._last: dict[str, LessonVerdict] = {}
        self._seconds: dict[str, float] = {}
        self._drawing: CheckProcess | None = None
        self._asks_reset = False
        self._look_seconds = file_watcher.LOOK_SECONDS
        self._cores = cores()

    def run(self, lesson: Lesson) -> None:
        """Watch until the student leaves."""
        self._lesson = lesson
        root = self._context.course.root
        folders = [self._context.submission, root / "lessons", root / "solutions"]
        with Client(root) as self._client, file_watcher.Files(folders) as self._files, keyboard.Keys() as self._keys:
            self._client.start()
            self._say("Loading PyTorch (once)...")
            if said := shipped.sentence(lesson):
                self._say(said)
            self._probe(root)
            with contextlib.suppress(keyboard.Quit):
                self._seconds = self._client.learn(self._lesson.name)
                self._client.share()
                self._say(f"Watching {self._lesson.name}.py. Save it to grade it.", _key_line())
                self._begin()
                self._loop()
            self._stop()

    def _probe(self, root: Path) -> None:
        """Check whether the system reports file changes; if not, look more often, and say so."""
        with contextlib.suppress(OSError):
            folder = root / ".grade"
            folder.mkdir(exist_ok=True)
            if not file_watcher.events_arrive(folder):
                self._look_seconds = file_watcher.PATIENT_SECONDS
                self._say(
                    "The system does not report file changes here (a network drive?): checking every"
                    f" {file_watcher.PATIENT_SECONDS} s instead."
                )

    def _loop(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._files, selectors.EVENT_READ)
            if self._keys.descriptor is not None:
                selector.register(self._keys.descriptor, selectors.EVENT_READ)
            while True:
                processes = list(self._round.processes) if self._round is not None else []
                processes += [self._drawing] if self._drawing is not None else []
                for process in processes:
                    selector.register(process, selectors.EVENT_READ)
                ready = [key.fileobj for key, _ in selector.select(self._look_seconds)]
                for process in processes:
                    selector.unregister(process)
                # A save comes first: it makes the results of the running check processes stale.
                if not self._take_changes():
                    for process in processes:
                        if process in ready:
                            (self._hear_picture if process is self._drawing else self._hear)(process)
                if self._keys.descriptor in ready and not self._take_keys():
                    return

    # Saves

    def _take_changes(self) -> bool:
        """Start over if something that affects the verdict has changed; return whether it has."""
        changed = self._files.changed()
        if not changed:
            return False
        root, submission = self._context.course.root, self._context.submission
        courses = {path for path in changed if submission not in path.parents}
        if courses:
            self._read_course_again(root)
        for lesson in self._context.course.lessons:
            if submission / f"{lesson.name}.py" in changed:
                self._lesson = lesson
                self._begin()
                return True
        if any(map(self._lesson.decides, courses)):
            self._say("The lesson itself has changed.")
            self._seconds = self._client.learn(self._lesson.name)
            self._begin()
            return True
        return False

    def _read_course_again(self, root: Path) -> None:
        try:
            course = read_course(root)
            self._lesson = next(lesson for lesson in course.lessons if lesson.name == self._lesson.name)
            self._context = replace(self._context, course=course)
        except (GraderError, StopIteration) as error:
            self._say(f"The course cannot be read now, so its previous version stays in use: {error}")

    # Rounds

    def _begin(self) -> None:
        """Grade the present file; a running round is stopped and dropped."""
        if self._round is not None and self._round.processes:
            self._say("Starting over.")
        self._stop()
        self._asks_reset = False
        try:
            names = [exercise.name for exercise in self._lesson.exercises]
        except GraderError as error:
            self._round = None
            self._say(str(error))
            return
        self._round = Round(self._lesson, self._source(), self._in_order(names))
        self._say("", f"{time.strftime('%H:%M:%S')}  {self._context.style.paint(_title(self._lesson), '1')}", "")
        self._next_processes()

    def _source(self) -> Source | Unreadable:
        """Return the present file."""
        return read_submission(self._context.submission, self._lesson.name)

    def _in_order(self, names: list[str]) -> list[str]:
        """Return the order of grading: the exercise that the student is working on, then the slowest."""
        last = self._last.get(self._lesson.name)
        passed = {exercise.name for exercise in last.exercises if exercise.status is Status.PASSED} if last else set()
        present = next((name for name in names if name not in passed), names[0])
        return sorted(names, key=lambda name: (name != present, -self._seconds.get(name, 0.0)))

    def _next_processes(self) -> None:
        work = self._round
        assert work is not None
        while work.waiting and len(work.processes) < self._cores:
            job = Job(work.lesson.name, work.source, Options((work.waiting.pop(0),), checks=PUBLIC))
            work.processes.append(self._client.begin(job))

    def _stop(self) -> None:
        """End the running check processes: their verdicts are no longer needed."""
        if self._drawing is not None:
            self._client.end(self._drawing)
            self._drawing = None
        if self._round is not None:
            for process in self._round.processes:
                self._client.end(process)
            self._round.processes.clear()
            self._round.waiting.clear()

    def _hear(self, process: CheckProcess) -> None:
        work = self._round
        assert work is not None
        findings = process.read()
        for finding in findings or ():
            self._note(work, process.exercise, finding)
        if findings is None or any(isinstance(finding, Finding) for finding in findings):
            work.processes.remove(process)
            read = process.last_read
            self._client.end(process)
            options = process.job.options
            if read and process.exercise not in work.found and not options.unreadable:
                # Reading an answer killed it: the next one does without that answer.
                job = replace(process.job, options=replace(options, unreadable=(read,)))
                work.processes.append(self._client.begin(job))
                return
            if process.exercise not in work.found:
                work.faults.setdefault(process.exercise, "Its check process ended without a verdict.")
            self._show(work)
            self._next_processes()
            if not work.processes:
                self._conclude(work)

    def _note(self, work: Round, exercise: str, finding: Failing | Finding) -> None:
        if isinstance(finding, Failing):
            self._tell_failing(work, exercise, finding)
        elif finding.lesson is not None:
            work.found[exercise], work.isolation = finding.lesson, finding.isolation
        else:
            work.faults[exercise] = finding.fault
        self._show(work)

    def _tell_failing(self, work: Round, exercise: str, failing: Failing) -> None:
        """Print the first failing claim at once: the whole verdict of its exercise takes a little longer."""
        if not work.has_told and failing.status in (Status.WRONG, Status.RAISED, Status.TIMEOUT, Status.CRASHED):
            work.has_told = True
            self._say(f"  {self._context.style.status(failing.status)}  {exercise}: {failing.claim}")

    def _show(self, work: Round) -> None:
        """Print the exercises that are done, in the order of the file; the first that failed in full."""
        for exercise in work.lesson.exercises[work.shown :]:
            if exercise.name in work.faults:
                self._say(f"  {self._context.style.status(Status.FAULT)}  {exercise.name}", work.faults[exercise.name])
            elif exercise.name in work.found:
                part = work.found[exercise.name]
                in_full = self._first_to_show(work) == exercise.name
                style, width = self._context.style, max(len(each.name) for each in work.lesson.exercises)
                lines = text.exercise_lines(part, part.exercises[0], style, in_full=in_full, width=width)
                self._say(*lines)
            else:
                return
            work.shown += 1

    @staticmethod
    def _first_to_show(work: Round) -> str:
        names = [exercise.name for exercise in work.lesson.exercises]
        done = [work.found[name].exercises[0] for name in names if name in work.found]
        first = text.to_mend(done)
        return first.name if first is not None else ""

    def _conclude(self, work: Round) -> None:
        verdict = work.verdict()
        if verdict is None:
            self._say("", "Not scored: a bug in the workbook, not in your code. Press r to try again.")
            return
        self._last[work.lesson.name] = verdict
        report = Report((verdict,), work.isolation)
        self._say("", *text.ending(report, time.monotonic() - work.started))
        if verdict.status is Status.PASSED:
            self._say("Press n to go on, or keep improving your code: every save is graded.")
        self._memory.remember(work.lesson, work.source, verdict, work.isolation)
        self._say(_key_line())
        # Started while the student reads, so that they wait for the next save.
        self._client.keep_ready(work.lesson.name, len(work.lesson.exercises))

    # Keys

    def _take_keys(self) -> bool:
        """Act on the pressed keys; return False if one of them quits."""
        pressed = self._keys.read()
        if not pressed or "\x04" in pressed:
            return False
        for key in pressed.lower():
            if self._asks_reset:
                self._asks_reset = False
                self._answer("reset") if key == "x" else self._say("Nothing was changed.")
            elif key == "q":
                return False
            else:
                self._press(key)
        return True

    def _press(self, key: str) -> None:
        match key:
            case "?":
                self._say("", *(f"  {key}  {word:<8} {what}" for key, (word, what) in KEYS.items()))
            case "r":
                self._begin()
            case "x":
                self._asks_reset = True
                self._say(
                    f"Reset {self._lesson.name}.py to the starter code? Your version is kept; grade undo"
                    f" {self._lesson.id} restores it. Press x again to reset, any other key to cancel."
                )
            case "n":
                self._go_on()
            case "p":
                self._draw()
            case "h":
                self._answer("hint")
            case "l":
                self._answer("list")

    def _go_on(self) -> None:
        lessons = self._context.course.lessons
        position = [lesson.name for lesson in lessons].index(self._lesson.name)
        if position + 1 == len(lessons):
            self._say(f"{_title(self._lesson)} is the last lesson.")
            return
        self._stop()
        self._lesson = lessons[position + 1]
        self._say("", f"Next: read lessons/{self._lesson.name}/README.md, then write exercises/{self._lesson.name}.py")
        self._seconds = self._client.learn(self._lesson.name)
        self._begin()

    def _draw(self) -> None:
        """Let a check process draw the first exercise that failed, else the first one."""
        if self._drawing is not None or (self._round is not None and self._round.processes):
            self._say("Still grading: try again in a moment.")
            return
        last = self._last.get(self._lesson.name)
        graded = last.exercises if last is not None else ()
        wrong = next((each.name for each in graded if _went_wrong(each)), "")
        exercise = wrong or (graded[0].name if graded else self._lesson.exercises[0].name)
        self._say(f"Drawing {exercise} ...")
        self._drawing = self._client.begin(show.job(self._lesson, self._source(), exercise))

    def _hear_picture(self, process: CheckProcess) -> None:
        findings = process.read()
        if findings is None:
            self._client.end(process)
            self._drawing = None
            return
        for finding in findings:
            if isinstance(finding, Finding):
                self._say("", finding.answer or finding.fault, "", _key_line())

    def _answer(self, command: str) -> None:
        """Show the output of another command for this lesson."""
        words = [] if command == "list" else [self._lesson.id]
        try:
            with self._keys.line_mode():
                answer = self._command(command, self._context, words)
        except GraderError as error:
            self._say(str(error))
        else:
            self._say("", answer.text.rstrip("\n"))

    def _say(self, *lines: str) -> None:
        self._write("".join(f"{line}\n" for line in lines))


def _went_wrong(verdict: ExerciseVerdict) -> bool:
    return verdict.status not in (Status.PASSED, Status.TODO)


def _title(lesson: Lesson) -> str:
    return f"{lesson.id} {lesson.title}"


def _key_line() -> str:
    return "   ".join(f"{key} {word}" for key, (word, _) in KEYS.items()) + "   ? help"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_submission(parser)
    add_allow_unconfined(parser)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Watch with these options."""
    if len(options.words) > 1:
        raise UsageError("grade watch takes at most one lesson: grade watch 1.4")
    memory = Memory(context.course.root, context.submission)
    lesson = context.course.find(options.words[0]) if options.words else _lesson_to_work_on(context, memory)

    def answer(word: str, context: Context, words: list[str]) -> Answer:
        module = importlib.import_module(f"grader.commands.{word}")
        said: Answer = module.run(context, words)
        return said

    Watch(context, memory, answer, context.write).run(lesson)
    return Answer("")


def _lesson_to_work_on(context: Context, memory: Memory) -> Lesson:
    """Return the first lesson whose present file is not known to have passed."""
    for lesson in context.course.lessons:
        known = memory.recall(lesson, read_submission(context.submission, lesson.name))
        if known is None or known.status is not Status.PASSED:
            return lesson
    return context.course.lessons[-1]
