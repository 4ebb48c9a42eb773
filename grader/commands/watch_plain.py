"""`grade watch` as text that grows, and is never cleared: for a pipe, a dumb terminal, a screen reader and ``--plain``.

A failure is told once, with its exercise; while a question is open, or a round runs, neither prints into the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from grader.commands.watch_screen import KEYS, as_keys
from grader.commands.watch_state import State
from grader.live.events import Done, Drawn, Event, Faulted, Graded, Loaded, Loading, Reason, Started, Unusable
from grader.reports import text
from grader.reports.text import Style
from grader.verdict import LessonVerdict, Report, Status

KEY_LINE = "   ".join(f"{key} {word}" for key, (word, _) in KEYS.items() if key != "v")


@dataclass
class Plain:
    """Prints what happens."""

    write: Callable[[str], None]
    style: Style
    following: Callable[[Report], list[str]]
    """Names the next step after a report."""
    has_keys: bool
    _parts: dict[str, LessonVerdict] = field(default_factory=dict)
    _faults: dict[str, str] = field(default_factory=dict)
    _order: tuple[str, ...] = ()
    _shown: int = 0
    """Number of exercises printed, in the order of the file."""

    def tell(self, event: Event, state: State) -> None:
        """Print an event."""
        match event:
            case Loading(what):
                self.say(f"Loading {what} ...")
            case Loaded() if not state.now.grading:
                self.say("Ready. Save the file to grade it.")
            case Started():
                self._begin(event, state)
            case Graded(name, part):
                self._parts[name] = part
                self._show(state)
            case Faulted(name, message):
                self._faults[name] = message
                self._show(state)
            case Done():
                self._conclude(event)
            case Drawn(_, drawn, fault):
                self.page("", str(fault or drawn).splitlines())
            case Unusable(message):
                self.say(message)

    def say(self, line: str) -> None:
        """Print a sentence."""
        self._print(line)

    def ask(self, question: str) -> None:
        """Print a question."""
        self._print(question)

    def page(self, _title: str, lines: list[str]) -> None:
        """Print something longer, and the keys after it."""
        self._print("", *lines, "", *self._keys())

    def _begin(self, event: Started, state: State) -> None:
        again = ["Starting over."] if event.replaced else []
        changed = ["The lesson itself has changed."] if event.reason is Reason.LESSON_CHANGED else []
        self._parts, self._faults, self._shown = {}, {}, 0
        self._order = tuple(row.name for row in state.rows)
        self._print(*again, *changed, "", f"{state.now.at}  {self.style.paint(state.title, '1')}", "")

    def _show(self, state: State) -> None:
        """Print the exercises that are done, in the order of the file; the first that failed in full."""
        width = max(map(len, self._order))
        for name in self._order[self._shown :]:
            if name in self._faults:
                self._print(f"  {self.style.status(Status.FAULT)}  {name}", self._faults[name])
            elif name in self._parts:
                part = self._parts[name]
                in_full = self._first_to_show() == name
                lines = text.exercise_lines(part, part.exercises[0], self.style, in_full=in_full, width=width)
                self._print(*(as_keys(line, state) if self.has_keys else line for line in lines))
            else:
                return
            self._shown += 1

    def _first_to_show(self) -> str:
        done = [self._parts[name].exercises[0] for name in self._order if name in self._parts]
        first = text.to_mend(done)
        return first.name if first is not None else ""

    def _conclude(self, event: Done) -> None:
        if event.lesson is None:
            self._print(
                "",
                "Not scored: a bug in the workbook, not in your code.",
                *(["Press r to try again."] if self.has_keys else []),
            )
            return
        report = Report((event.lesson,), event.isolation)
        self._print("", *text.ending(report, event.seconds, self.following(report)))
        if event.lesson.status is Status.PASSED and self.has_keys:
            self._print("Press n to go on, or keep improving your code: every save is graded.")
        self._print(*self._keys())

    def _keys(self) -> list[str]:
        return [KEY_LINE] if self.has_keys else []

    def _print(self, *lines: str) -> None:
        self.write("".join(f"{line}\n" for line in lines))
