"""A thin pytest front end: ``pytest lessons/`` and an editor's test panel run a lesson's checks.

Every check is an item, run by the `Grading` of its file; a failure shows the same text as `grade`. What is still to do
is skipped, with the reason.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.course.locations import refuse_unconfined
from grader.course.model import Lesson, imports_of, read_course
from grader.course.submission import read_submission
from grader.engine.grading import Grading, Item, Options, Task, code_of, items_of, load
from grader.errors import GraderError, UsageError
from grader.feedback import describe
from grader.sandbox.zygote import Zygote
from grader.verdict import PUBLIC, CheckVerdict, Status

OPTIONS = Options(checks=PUBLIC)
"""A test panel shows everything it runs, and students use it."""


class Failed(Exception):
    """A check did not pass."""

    def __init__(self, verdict: CheckVerdict) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict


class ExerciseFile(pytest.File):
    """The checks of one exercise, for this session's submission."""

    lesson: Lesson
    exercise: str
    face: "Face"
    _grading: Grading | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the checks that a student may see, in the order of `grade`."""
        try:
            self._grading = self.face.grading(self.lesson)
        except GraderError as fault:
            raise self.CollectError(str(fault)) from None
        for item in items_of(self.lesson, replace(OPTIONS, exercises=(self.exercise,))):
            yield CheckItem.from_parent(self, name=item.name, item=item)

    def run_check(self, item: Item) -> CheckVerdict:
        """Run a check and return its verdict."""
        assert self._grading is not None
        return self._grading.run_check(item)

    def line_of(self, item: Item) -> int | None:
        """Return the 0-based line of a check, or None for one of the engine's own."""
        assert self._grading is not None
        function = self._grading.task.loaded.functions.get(item.name)
        return code_of(function).co_firstlineno - 1 if function is not None else None

    def teardown(self) -> None:
        """End the worker: no more checks of this file will run."""
        if self._grading is not None:
            self._grading.student.close()


class CheckItem(pytest.Item):
    """One check."""

    def __init__(self, *, item: Item, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.item = item

    def runtest(self) -> None:
        """Run the check on the student's function."""
        assert isinstance(self.parent, ExerciseFile)
        verdict = self.parent.run_check(self.item)
        if verdict.status is Status.TODO:
            pytest.skip(verdict.message)
        if verdict.status is not Status.PASSED:
            raise Failed(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Return the text that the student reads, without the check's source."""
        if not isinstance(excinfo.value, Failed):
            return super().repr_failure(excinfo)
        verdict = excinfo.value.verdict
        return "\n".join([f"{self.item.exercise.name}: {verdict.status}", "", *describe.describe(verdict)])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file, line and name; the engine's own checks have no line."""
        assert isinstance(self.parent, ExerciseFile)
        return self.path, self.parent.line_of(self.item), self.name


class Face:
    """The hooks of a session: they collect every exercise's `.py`, and start the zygote at the first."""

    def __init__(self, submission: Path) -> None:
        self._submission = submission
        self._zygote = Zygote()
        self._lessons: dict[Path, Lesson] = {}

    def grading(self, lesson: Lesson) -> Grading:
        """Return a grading of the submission; raises GraderError if the lesson cannot be graded."""
        # The zygote imports torch on another core while this process imports it for the checks.
        self._zygote.import_modules(imports_of([lesson]))
        source = read_submission(self._submission, lesson.name)
        return Grading(Task(load(lesson), source, self._zygote, OPTIONS))

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Take the `.py` of an exercise that pytest itself does not collect: one that is not named."""
        names = parent.config.getini("python_files")
        if parent.session.isinitpath(file_path) or any(file_path.match(name) for name in names):
            return None
        return self.pytest_pycollect_makemodule(file_path, parent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Take over the `.py` of an exercise; what a lesson shares holds no checks."""
        file_path, lesson = module_path, self._lesson(module_path)
        if lesson is None or file_path.stem not in (each.name for each in lesson.exercises):
            return None
        file: ExerciseFile = ExerciseFile.from_parent(parent, path=file_path)
        file.lesson, file.exercise, file.face = lesson, file_path.stem, self
        return file

    def pytest_unconfigure(self) -> None:
        """End the zygote."""
        self._zygote.close()

    def _lesson(self, path: Path) -> Lesson | None:
        root = path.parent.parent.parent
        if path.suffix != ".py" or path.parent.parent.name != "lessons" or not (root / "solutions").is_dir():
            return None
        if path.parent not in self._lessons:
            self._lessons |= {lesson.folder: lesson for lesson in read_course(root).lessons}
        return self._lessons.get(path.parent)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that matter here."""
    group = parser.getgroup("grader", "Training Loop Workbook")
    group.addoption("--submission", metavar="DIR", help="folder with the student's files (default: exercises/)")
    group.addoption("--allow-unconfined", action="store_true", help="run code even where it cannot be confined")


def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks, unless the submission cannot be confined here."""
    folder = config.getoption("--submission", default=None)
    if folder and not config.getoption("--allow-unconfined", default=False):
        try:
            refuse_unconfined(config.rootpath, Path(folder))
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(Face(Path(folder) if folder else config.rootpath / "exercises"), "grader-face")
