"""A thin pytest front end: ``pytest lessons/`` and an editor's test panel run a lesson's checks.

Every check is an item. Collecting reads the lessons as text; the exercises of the collected items are then graded as by
`grade`, by the warm processes of a running `grade watch` if there is one, and a failure shows the same text. Every
pytest of this environment loads this module, so it imports what it needs when it meets an exercise.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.course.model import Lesson
    from grader.engine.grading import Item
    from grader.pool.pool import Outcome, Pool
    from grader.verdict import CheckVerdict, ExerciseVerdict


class Failed(Exception):
    """A check did not pass."""

    def __init__(self, verdict: "CheckVerdict") -> None:
        super().__init__(verdict.message)
        self.verdict = verdict


class ExerciseFile(pytest.File):
    """The checks of one exercise, for this session's submission."""

    lesson: "Lesson"
    exercise: str
    face: "Face"

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the checks that a student may see, in the order of `grade`."""
        from grader.engine.grading import Options, items_of
        from grader.errors import GraderError
        from grader.verdict import PUBLIC

        try:
            items = items_of(self.lesson, Options((self.exercise,), checks=PUBLIC))
        except GraderError as fault:
            raise self.CollectError(str(fault)) from None
        for item in items:
            yield CheckItem.from_parent(self, name=item.name, item=item)

    def verdict_of(self, item: "Item") -> "CheckVerdict":
        """Return the verdict of a check, or the fault that the exercise has instead of its checks."""
        checks = self.face.verdict_of(self).checks
        return next((check for check in checks if check.name == item.name), checks[0])

    def line_of(self, item: "Item") -> int | None:
        """Return the 0-based line of a check, or None for one of the engine's own."""
        return next((check.line - 1 for check in self.lesson.checks if check.name == item.name), None)


class CheckItem(pytest.Item):
    """One check."""

    def __init__(self, *, item: "Item", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.item = item

    @property
    def file(self) -> ExerciseFile:
        """The exercise."""
        assert isinstance(self.parent, ExerciseFile)
        return self.parent

    def runtest(self) -> None:
        """Look up the verdict; an exercise that is not written yet is skipped."""
        from grader.feedback import describe
        from grader.verdict import Status

        verdict = self.file.verdict_of(self.item)
        if verdict.status is Status.TODO:
            pytest.skip(describe.summary(verdict))
        if verdict.status is not Status.PASSED:
            raise Failed(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Return the text that the student reads, without the check's source."""
        from grader.errors import GraderError
        from grader.feedback import describe

        if isinstance(excinfo.value, GraderError):
            return str(excinfo.value)
        if not isinstance(excinfo.value, Failed):
            return super().repr_failure(excinfo)
        verdict = excinfo.value.verdict
        return "\n".join([f"{self.item.exercise.name}: {verdict.status}", "", *describe.describe(verdict)])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file, line and name; the engine's own checks have no line."""
        return self.path, self.file.line_of(self.item), self.name


class Run:
    """The grading of the exercises of one course; the pool starts with the first verdict that is needed."""

    def __init__(self, files: Sequence[ExerciseFile], submission: Path) -> None:
        self._files = files
        self._submission = submission
        self._pool: Pool | None = None
        self._outcomes: Iterator[Outcome] = iter(())
        self._found: dict[tuple[str, str], ExerciseVerdict] = {}

    def verdict_of(self, file: ExerciseFile) -> "ExerciseVerdict":
        """Return the verdict on an exercise; raises Fault if nothing can be graded."""
        from grader.pool.parallel import exercise_verdict

        key = file.lesson.name, file.exercise
        if key not in self._found and self._pool is None:
            self._start(file)
        while key not in self._found:
            outcome = next(self._outcomes)
            lesson = next(each.lesson for each in self._files if each.lesson.name == outcome.job.lesson)
            verdict = _shown(exercise_verdict(outcome, lesson, outcome.job.label))
            self._found[outcome.job.lesson, outcome.job.label] = verdict
        return self._found[key]

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.__exit__()

    def _start(self, first: ExerciseFile) -> None:
        from grader.course.submission import read_submission
        from grader.pool.parallel import grade_tasks
        from grader.pool.pool import Pool, cores
        from grader.verdict import PUBLIC

        files = [first, *(file for file in self._files if file is not first)]
        lessons = dict.fromkeys(file.lesson.name for file in files)
        sources = {name: read_submission(self._submission, name) for name in lessons}
        tasks = [(file.lesson, file.exercise) for file in files]
        number = min(cores(), len(tasks))
        self._pool = Pool(first.lesson.root, number, lessons=lessons, learns=False, borrows=True)
        self._outcomes = grade_tasks(self._pool, tasks, sources, dict.fromkeys(lessons, 0), PUBLIC)


class Face:
    """The hooks of a session: they collect every exercise's `.py`, and have the exercises graded."""

    def __init__(self, submission: Path) -> None:
        self._submission = submission
        self._lessons: dict[Path, Lesson] = {}
        self._runs: dict[ExerciseFile, Run] = {}

    def verdict_of(self, file: ExerciseFile) -> "ExerciseVerdict":
        """Return the verdict on an exercise; raises Fault if nothing can be graded."""
        return self._runs[file].verdict_of(file)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Plan one run for each course; one for each file under pytest-xdist, where each process takes some items."""
        files = list(dict.fromkeys(item.file for item in session.items if isinstance(item, CheckItem)))
        together: dict[object, list[ExerciseFile]] = {}
        for file in files:
            together.setdefault(file if hasattr(session.config, "workerinput") else file.lesson.root, []).append(file)
        for each in together.values():
            self._runs |= dict.fromkeys(each, Run(each, self._submission))

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
        """End all processes."""
        for run in set(self._runs.values()):
            run.close()

    def _lesson(self, path: Path) -> "Lesson | None":
        root = path.parent.parent.parent
        if path.suffix != ".py" or path.parent.parent.name != "lessons" or not (root / "solutions").is_dir():
            return None
        if path.parent not in self._lessons:
            from grader.course.model import read_course

            self._lessons |= {lesson.folder: lesson for lesson in read_course(root).lessons}
        return self._lessons.get(path.parent)


def _shown(verdict: "ExerciseVerdict") -> "ExerciseVerdict":
    """Return what a student may see of a verdict: a test panel shows everything it gets."""
    from grader.reports.audience import for_student
    from grader.verdict import LessonVerdict, Report

    report = for_student(Report((LessonVerdict("", "", "", (verdict,)),), ""))
    return report.lessons[0].exercises[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that matter here."""
    group = parser.getgroup("grader", "grade")
    group.addoption("--submission", metavar="DIR", help="folder with the student's files (default: exercises/)")
    group.addoption("--allow-unconfined", action="store_true", help="run code even where it cannot be confined")


def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks, unless the submission cannot be confined here."""
    folder = config.getoption("--submission", default=None)
    if folder and not config.getoption("--allow-unconfined", default=False):
        from grader.course.locations import refuse_unconfined
        from grader.errors import UsageError

        try:
            refuse_unconfined(config.rootpath, Path(folder))
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(Face(Path(folder) if folder else config.rootpath / "exercises"), "grader-face")
