"""The extension of IPython: ``%%grade 1.4`` writes a cell's functions into the exercise file and grades the file.

Load it with ``%load_ext grader.notebook``. The file is graded as `grade watch` grades it, in processes of its own; the
cell then runs in the notebook too, like any other cell.
"""

import atexit
import base64
import os
import selectors
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Protocol

from grader.commands import Context
from grader.commands.reset import keep, present, write
from grader.course import cells
from grader.course.model import Lesson, find_course
from grader.course.submission import read_submission
from grader.course.versions import lesson_version
from grader.errors import Fault, GraderError, UsageError
from grader.invocation import command
from grader.live.events import Done, Drawn, Event, Faulted, Reason, Unusable
from grader.live.rounds import Rounds
from grader.live.waiting import wait
from grader.progress.cache import Memory
from grader.progress.store import CELL, Store
from grader.reports import as_html, text
from grader.reports.audience import for_student
from grader.reports.text import Style
from grader.verdict import Report, Status
from grader.web.hooks import picture_job

USAGE = "%%grade LESSON"
REPLACE = "--replace"
WAIT_SECONDS = 1.0
_DRAWN = frozenset([Status.PASSED, Status.WRONG])


class Publisher(Protocol):
    """Shows outputs, in a terminal or in a notebook."""

    def publish(self, data: dict[str, str]) -> None:
        """Show an output, which is given in several forms."""


class Shell(Protocol):
    """What the extension uses of IPython."""

    display_pub: Publisher

    def register_magic_function(self, func: Callable[..., Any], magic_kind: str, magic_name: str) -> None:
        """Register a magic."""

    def run_cell(self, raw_cell: str) -> object:
        """Run a cell."""


@dataclass(frozen=True)
class Shown:
    """An output of a cell: what a terminal shows of it, and what a page shows."""

    text: str
    html: str


class Engine:
    """Grades a student's files; torch stays loaded from one cell to the next."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._memory = Memory(context.course.root, context.submission)
        self._rounds: Rounds | None = None
        self._opened = "", ""
        """The lesson that is graded now, and its version."""

    def start(self) -> Rounds:
        """Begin to load torch, unless that is done."""
        if self._rounds is None:
            self._rounds = Rounds(self._context.course, self._context.submission, self._memory).__enter__()
        return self._rounds

    def close(self) -> None:
        """End all processes."""
        rounds, self._rounds, self._opened = self._rounds, None, ("", "")
        if rounds is not None:
            rounds.__exit__()

    def grade(self, lesson: Lesson) -> tuple[Report, float]:
        """Return the report on a lesson's file as it is now, and the seconds it took; raises GraderError."""
        try:
            return self._grade(lesson)
        except BaseException:
            self.close()  # after Ctrl-C, too: a message may have been cut in the middle
            raise

    def draw(self, lesson: Lesson, exercise: str) -> dict[str, Any]:
        """Return a picture of what an exercise of the graded file returns, as the page shows it."""
        try:
            rounds = self.start()
            job = picture_job(lesson, read_submission(self._context.submission, lesson.name), exercise)
            while not rounds.draw(job):
                self._hear(rounds)
            found: list[Drawn] = []
            while not found:
                found = [event for event in self._hear(rounds) if isinstance(event, Drawn)]
        except BaseException:
            self.close()
            raise
        if found[0].fault:
            raise Fault(found[0].fault)
        return dict(found[0].answer)

    def _grade(self, lesson: Lesson) -> tuple[Report, float]:
        rounds, now = self.start(), (lesson.name, lesson_version(lesson))
        events = rounds.begin(Reason.SAVED) if self._opened == now else rounds.open(lesson)
        self._opened = now
        faults: list[str] = []
        while True:
            for event in events:
                match event:
                    case Faulted(exercise, message):
                        faults.append(f"There is no verdict on {exercise}: {message}")
                    case Unusable(message):
                        raise UsageError(message)
                    case Done(None):
                        raise Fault("\n".join(faults))
                    case Done(verdict, isolation, seconds):
                        assert verdict is not None
                        return for_student(Report((verdict,), isolation)), seconds
            events = self._hear(rounds)

    @staticmethod
    def _hear(rounds: Rounds) -> list[Event]:
        with selectors.DefaultSelector() as selector:
            return rounds.read(wait(selector, rounds, WAIT_SECONDS))


class Notebook:
    """The cells of one notebook, and the exercise files of the course that it belongs to."""

    def __init__(self, folder: Path, style: Style) -> None:
        course = find_course(folder)
        store = Store.open(course.root)
        self._context = Context(course, course.root / "exercises", store, style, ask=lambda _: "")
        self.engine = Engine(self._context)
        self._written: dict[tuple[str, str], str] = {}
        """The source of each function that a cell has written, by lesson and name."""

    def grade(self, line: str, cell: str, show: Callable[[Shown], object]) -> None:
        """Write a cell into the file of a lesson, grade the file, and show the verdict; raises GraderError."""
        lesson, is_replacing = self._arguments(line)
        merged, said = self._save(lesson, cell, is_replacing=is_replacing)
        show(_prose(said))
        report, seconds = self.engine.grade(lesson)
        about = [name for name in merged.written if name in {each.name for each in lesson.exercises}]
        following = self._context.next_step(report)
        show(_verdict(report, about, seconds, following, self._context.style))
        (verdict,) = report.lessons
        for exercise in verdict.exercises:
            if exercise.name in about and exercise.status in _DRAWN:
                picture = self.engine.draw(lesson, exercise.name)
                if picture["svg"]:
                    show(_picture(exercise.name, picture["words"], picture["svg"]))

    def _arguments(self, line: str) -> tuple[Lesson, bool]:
        words = line.split()
        names = [word for word in words if word != REPLACE]
        if len(names) != 1 or names[0].startswith("-"):
            raise UsageError(
                f"Name the lesson, as in {USAGE}; {REPLACE} after it replaces what has changed in the file."
            )
        return self._context.course.find(names[0]), REPLACE in words

    def _save(self, lesson: Lesson, cell: str, *, is_replacing: bool) -> tuple[cells.Merged, list[str]]:
        """Write the functions of a cell into the file of a lesson, and return what to say about it."""
        path = self._context.submission / f"{lesson.name}.py"
        shown = os.path.relpath(path)
        before = present(path)
        try:
            old = before.decode() if before is not None else lesson.stub
        except UnicodeDecodeError as error:
            raise UsageError(
                f"{shown} is not UTF-8 text (byte {error.start}). Save it as UTF-8. Nothing was written."
            ) from None
        # The line with the magic is the first line of the cell, as the student counts.
        merged = cells.merge(old, f"\n{cell}", [each.name for each in lesson.exercises], shown)
        if not is_replacing:
            self._refuse_conflict(lesson, cells.definitions_in(old), cells.definitions_in(merged.text), merged, shown)
        content = merged.text.encode()
        if b"\r\n" in (before or b""):
            content = content.replace(b"\n", b"\r\n")
        said = [f"{', '.join(merged.written)}: as it is in {shown}."]
        if content != before:
            kept = keep(self._context, lesson, path, before, CELL)
            write(path, content)
            said = [f"{', '.join(merged.written)}: written into {shown}. {kept}"]
        now = cells.definitions_in(merged.text)
        self._written |= {(lesson.name, name): now[name] for name in merged.written if name in now}
        if merged.unknown:
            are = "is" if len(merged.unknown) == 1 else "are"
            said.append(
                f"{', '.join(merged.unknown)} {are} not defined in the file, which is graded without the other cells of"
                " the notebook. Put what defines it into this cell."
            )
        return merged, said

    def _refuse_conflict(
        self, lesson: Lesson, old: dict[str, str], new: dict[str, str], merged: cells.Merged, shown: str
    ) -> None:
        """Raise UsageError if what the cell replaces was changed in the file since a cell wrote it."""
        stub = cells.definitions_in(lesson.stub)
        changed = [
            name
            for name in merged.written
            if (lesson.name, name) in self._written
            and old.get(name) not in (self._written[lesson.name, name], new.get(name), stub.get(name))
        ]
        if changed:
            raise UsageError(
                f"{', '.join(changed)} in {shown} changed since a cell of this notebook wrote it."
                " Nothing was written.\n"
                f"To see the file's version, in a new cell:  %load -s {','.join(changed)} {shown}\n"
                f"To write the cell's, and keep the other:   %%grade {lesson.id} {REPLACE}"
            )


def _prose(lines: Iterable[str]) -> Shown:
    said = list(lines)
    return Shown("\n".join(said), "".join(f"<p>{escape(line)}</p>\n" for line in said))


def _verdict(report: Report, about: Sequence[str], seconds: float, following: Sequence[str], style: Style) -> Shown:
    ending = text.ending(report, seconds, following)
    html = "".join(as_html.fragment(lesson, about, ending) for lesson in report.lessons)
    return Shown(text.render(report, style, seconds, following, about), html)


def _picture(exercise: str, words: Sequence[str], svg: str) -> Shown:
    # As an image: nothing in it can run, and its names do not meet those of another picture.
    said = escape(" ".join(words))
    source = base64.b64encode(svg.encode()).decode()
    named = f'alt="{said}" title="{escape(exercise)}" style="max-width: 100%"'
    html = f'<img {named} src="data:image/svg+xml;base64,{source}">\n'
    return Shown("\n".join(words), html)


def load_ipython_extension(shell: Shell) -> None:
    """Register the magic, and begin to load torch."""
    style = Style(command=command(os.environ, sys.argv[0], sys.prefix))
    try:
        notebook = Notebook(Path.cwd(), style)
    except GraderError as error:
        raise _complaint(error) from None

    def show(shown: Shown) -> None:
        shell.display_pub.publish({"text/plain": shown.text, "text/html": shown.html})

    def grade(line: str, cell: str) -> None:
        """Write the functions of this cell into the exercise file of a lesson, and grade the file: %%grade LESSON."""
        try:
            notebook.grade(line, cell, show)
        except GraderError as error:
            raise _complaint(error) from None
        shell.run_cell(cell)

    shell.register_magic_function(grade, magic_kind="cell", magic_name="grade")
    notebook.engine.start()
    atexit.register(notebook.engine.close)


def _complaint(error: GraderError) -> Exception:
    """Return an error that IPython shows without a traceback."""
    from IPython.core.error import UsageError as ShownError

    return ShownError(str(error))
