"""The pytest plugin that runs a lesson's checks against a submission; `grade` and an editor's test panel share it.

For ``lessons/*/checks.py`` an argument named after an exercise is the student's function. Every exercise gets two
checks of the engine's own: the example of its docstring comes first, and its conduct towards its caller comes last.
"""

import contextlib
import inspect
import types
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader import metrics
from grader.course.locations import refuse_unconfined
from grader.course.model import FIXTURES, Check, Example, Exercise, Lesson, imports_of, read_course
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.reading import is_out_of_memory, reading
from grader.engine.watchdog import Watchdog
from grader.errors import GraderError, UsageError
from grader.feedback import describe
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import (
    EVERYTHING,
    PUBLIC,
    CheckVerdict,
    ExerciseVerdict,
    LessonVerdict,
    Status,
    Visibility,
    unchecked,
)

if TYPE_CHECKING:
    from grader.engine.reference import Reference
    from grader.engine.replay import Examples
    from grader.engine.student import Student
    from grader.sandbox.connection import Channel

EXAMPLE_CLAIM = "The example in the docstring gives what it shows."
CONDUCT_CLAIM = "It leaves its arguments and torch's global settings as they were."


@dataclass
class Run:
    """One grading run: what is graded, against what, and what has been found out so far."""

    submission: Path
    zygote: Zygote
    seed: int = 0
    """0 for the fixed examples, else the seed of fresh ones."""
    selected: dict[str, frozenset[str]] = field(default_factory=dict)
    """By lesson name the exercises to grade; a lesson that is not named is graded whole."""
    limits: Limits = field(default_factory=Limits)
    checks: Collection[Visibility] = EVERYTHING
    """Which checks are run; the others are counted."""
    on_check: Callable[[CheckVerdict], None] | None = None
    """Told of every check as soon as it has ended; what it gets may still learn the name of its mistake."""
    references: dict[str, "Reference"] = field(default_factory=dict)
    """By lesson name the references whose answers are known from an earlier run."""
    sources: dict[str, Source | Unreadable] = field(default_factory=dict)
    """By lesson name what the student handed in, where it has been read already; else it is read from the folder."""
    examples: dict[str, "Examples"] = field(default_factory=dict)
    """By lesson name the examples that were drawn before, or are to be noted."""
    shrinks: bool = True
    """Whether to look for a smallest failing example; without it the points are the same, and sooner known."""
    stops_early: bool = False
    """Whether an exercise ends at its first check that does not hold: enough for who asks only whether one fails."""
    unreadable: Collection[str] = ()
    """The exercises whose answers nothing can look at: check processes have died of them."""
    worker: "Channel | None" = None
    """One that has been started already, for the first lesson."""
    watchdog: Watchdog = field(default_factory=Watchdog)
    """The clock on the checks."""
    verdicts: dict[tuple[str, str], list[CheckVerdict]] = field(default_factory=dict)
    """By lesson and exercise, in the order in which the checks ran."""
    advice: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    behaviours: dict[str, str] = field(default_factory=dict)
    """By exercise that has failed without a known mistake: a name for how it behaves, the same for the same answers."""
    guessed: set[tuple[str, str]] = field(default_factory=set)
    """The exercises, by lesson, that are not right and most of whose answers are wrong."""
    faults: dict[str, str] = field(default_factory=dict)
    """By lesson: why none of its checks could run."""
    interrupted: bool = False
    """Whether the user pressed Ctrl-C."""
    _student: "Student | None" = None

    def is_selected(self, lesson: Lesson, exercise: str) -> bool:
        """Whether an exercise is to be graded."""
        return exercise in self.selected.get(lesson.name, {exercise})

    def student(self, lesson: Lesson) -> "Student":
        """Return the student of a lesson; the worker of the lesson before is ended."""
        from grader.engine.reference import Reference
        from grader.engine.student import Student
        from grader.engine.worker_session import Runner
        from grader.feedback.call_failure import unread

        if self._student is None or self._student.lesson != lesson:
            import torch

            self.end_student()
            # For tensors as small as these, handing work to threads takes longer than the work.
            torch.set_num_threads(1)
            source = self.sources.get(lesson.name) or read_submission(self.submission, lesson.name)
            reference = self.references.setdefault(lesson.name, Reference(lesson))
            runner = Runner(lesson, source, self.zygote, self.limits, ready=self.worker)
            self._student = Student(runner, reference, self.watchdog)
            for exercise in self.unreadable:
                self._student.give_up(exercise, unread(self.limits))
            self.worker = None
        return self._student

    def record(self, lesson: Lesson, exercise: Exercise, verdict: CheckVerdict) -> None:
        """Keep the verdict of a check."""
        self.verdicts.setdefault((lesson.name, exercise.name), []).append(verdict)
        if verdict.visibility is Visibility.PUBLIC:
            # What is not public is run last, and what its calls make us think of is not public either.
            self.advice[lesson.name, exercise.name] = tuple(self.student(lesson).advice.get(exercise.name, ()))
        if self.on_check is not None:
            self.on_check(verdict)

    def has_failed(self, lesson: Lesson, exercise: Exercise) -> bool:
        """Whether an earlier check of the exercise did not pass."""
        return any(check.status is not Status.PASSED for check in self.verdicts.get((lesson.name, exercise.name), ()))

    def conclude(self, lesson: Lesson, exercise: Exercise) -> None:
        """Look at all calls together after the last public check: only they tell two mistakes apart, or a guess."""
        try:
            with reading(exercise.name):
                self._conclude(lesson, exercise)
        except Exception as error:
            if not is_out_of_memory(error):
                raise  # else no mistake is named

    def _conclude(self, lesson: Lesson, exercise: Exercise) -> None:
        from grader.engine import fingerprint
        from grader.engine.diagnosis import is_guessed, name_mistake

        checks = self.verdicts.get((lesson.name, exercise.name), [])
        student = self.student(lesson)
        checks = [name_mistake(check, student, exercise) for check in checks]
        self.verdicts[lesson.name, exercise.name] = checks
        if self.has_failed(lesson, exercise) and is_guessed(student, exercise):
            self.guessed.add((lesson.name, exercise.name))
        # What the check of conduct finds, it says itself: that is no mistake which somebody should write.
        wrong = (Status.WRONG, Status.RAISED)
        failed = [check for check in checks if check.status in wrong and check.claim != CONDUCT_CLAIM]
        if failed and not any(check.mistake for check in checks):
            self.behaviours[exercise.name] = fingerprint.name_of(student.first_calls.get(exercise.name, []))

    def end_student(self) -> None:
        """End the worker of the lesson that is open."""
        if self._student is not None:
            self._student.close()
            self._student = None

    def lesson_verdict(self, lesson: Lesson) -> LessonVerdict:
        """Return what has been found out about a lesson; what could not be looked at is a fault."""
        exercises = tuple(
            self._exercise_verdict(lesson, exercise)
            for exercise in lesson.exercises
            if self.is_selected(lesson, exercise.name)
        )
        return LessonVerdict(lesson.id, lesson.name, lesson.title, exercises)

    def _exercise_verdict(self, lesson: Lesson, exercise: Exercise) -> ExerciseVerdict:
        checks = self.verdicts.get((lesson.name, exercise.name), [])
        if lesson.name in self.faults or not checks:
            message = self.faults.get(lesson.name, "No check of this exercise was run.")
            # The message may quote a line of checks.py, and with it a check that nobody may see.
            checks = [unchecked(message, lesson.strictest)]
        first = next((check for check in checks if check.visibility is Visibility.PUBLIC), checks[0])
        if first.status is not Status.PASSED or (lesson.name, exercise.name) in self.guessed:
            # Some properties hold for a wrong function by accident: they pay once the answers are mostly right.
            checks = [replace(check, earned=False) for check in checks]
        withheld = sum(
            check.exercise == exercise.name and check.visibility not in self.checks
            for check in (lesson.checks if lesson.name not in self.faults else ())
        )
        advice = self.advice.get((lesson.name, exercise.name), ())
        return ExerciseVerdict(exercise.name, exercise.bonus, tuple(checks), advice, withheld)


class LessonModule(pytest.Module):
    """The checks of one lesson, with the student's functions as fixtures."""

    lesson: Lesson
    run: Run

    def _getobj(self) -> Any:
        from grader.engine.reference import load_module

        # Loaded anew in every session: pytest keeps modules, and with them the student of the session before.
        try:
            module = load_module(self.path, f"checks.{self.lesson.name}")
        except GraderError as fault:
            raise self.CollectError(str(fault)) from None
        for exercise in self.lesson.exercises:
            setattr(module, f"_fixture_of_{exercise.name}", self._fixture(exercise))
        return module

    def _fixture(self, exercise: Exercise) -> object:
        @pytest.fixture(name=exercise.name, scope="module")
        def student_function() -> object:
            return self.run.student(self.lesson).function(exercise)

        return student_function

    def prepare(self, function: pytest.Function, exercise: Exercise) -> None:
        """Give a check the manner of the run; one that takes none breaks when it is run."""
        from grader.engine.blame import fault_at
        from grader.engine.replay import Manner, prepare

        def shrinks() -> bool:
            return self.run.shrinks and not self.run.has_failed(self.lesson, exercise)

        examples, is_independent = self.run.examples.get(self.lesson.name), self._is_independent(function)
        manner = Manner(self.run.seed, shrinks, examples, is_independent)
        try:
            function.obj = prepare(function.obj, function.name, self.run.student(self.lesson), manner)
        except Exception as error:  # noqa: BLE001  Hypothesis refuses what an author has written
            fault = fault_at(function.obj, error, function.name, self.lesson)

            def break_down(**_: object) -> None:
                raise fault

            function.obj = break_down

    def _is_independent(self, function: pytest.Function) -> bool:
        """Whether a check takes no fixture, which may hold what a student's function has returned."""
        fixtures = {*function.fixturenames, *inspect.signature(function.obj).parameters}
        constants = set(function.callspec.params) if hasattr(function, "callspec") else set()
        exercises = {exercise.name for exercise in self.lesson.exercises}
        return fixtures <= exercises | constants | FIXTURES

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield all checks, grouped by exercise in the order of the solution; what is not public comes last of all.

        So nothing that it does, and no time that it takes, changes what a student sees.
        """
        functions = [function for function in super().collect() if isinstance(function, pytest.Function)]
        for exercise in self.lesson.exercises:
            if exercise.name in self.lesson.examples:
                yield EngineCheck.from_parent(
                    self, name=f"example_{exercise.name}", exercise=exercise, run_check=_run_example
                )
            yield from self._checks(functions, exercise, PUBLIC)
            yield EngineCheck.from_parent(
                self, name=f"conduct_{exercise.name}", exercise=exercise, run_check=_run_conduct
            )
        for exercise in self.lesson.exercises:
            yield from self._checks(functions, exercise, EVERYTHING - PUBLIC)

    def _checks(
        self, functions: Sequence[pytest.Function], exercise: Exercise, visible: Collection[Visibility]
    ) -> Iterator[pytest.Function]:
        """Yield the checks of an exercise that have one of these visibilities."""
        for function in functions:
            check = _check_of(function, self.lesson)
            if check is None or check.exercise != exercise.name:
                continue
            if getattr(function.obj, "visibility", Visibility.PUBLIC) is not check.visibility:
                problem = (
                    f"{check.name} is decorated under another name: write @hidden or @after_due as they are called."
                )
                raise self.CollectError(problem)
            if getattr(function.obj, "points", 1) != check.points:
                raise self.CollectError(f"{check.name} is decorated under another name: write @points as it is called.")
            if check.visibility in visible:
                yield function


class EngineCheck(pytest.Item):
    """A check that the engine makes for every exercise."""

    def __init__(self, *, exercise: Exercise, run_check: Callable[["Student", Exercise], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exercise = exercise
        self.run_check = run_check

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Say where it stands: in the solution, whose docstring it comes from."""
        return self.path, None, self.name

    def runtest(self) -> None:
        """Run it against the student of this lesson."""
        module = self.parent
        assert isinstance(module, LessonModule)
        self.run_check(module.run.student(module.lesson), self.exercise)


def _run_example(student: "Student", exercise: Exercise) -> None:
    """Compare the example with the reference's value, never with the printed text."""
    from grader.authoring import CheckFailed
    from grader.engine.blame import Solution, blaming
    from grader.engine.diagnosis import same

    example, namespace = student.lesson.examples[exercise.name], dict(student.reference.solution.__dict__)

    def compare(function: object, solution: object) -> None:
        wanted = _evaluate(example, {**namespace, exercise.name: solution}, student.lesson)
        returned = _evaluate(example, {**namespace, exercise.name: function}, student.lesson)
        if not same(returned, wanted):
            raise CheckFailed("", returned, wanted)

    solution = Solution(exercise, student.reference)
    blaming(compare, f"example_{exercise.name}", student)(function=student.function(exercise), solution=solution)


def _run_conduct(student: "Student", exercise: Exercise) -> None:
    """Look at what the calls of the other checks did to their surroundings."""
    from grader.authoring import CheckFailed
    from grader.feedback.call_failure import CallLost, Ending

    if exercise.name not in student.observed:
        unseen = Ending(Status.WRONG, "No call has returned yet, so there is nothing to look at.")
        raise CallLost(student.standing(exercise) or student.endings.get(exercise.name) or unseen)
    for text, call in student.conduct.get(exercise.name, {}).items():
        student.example.append(call)
        raise CheckFailed(text)


def _evaluate(example: Example, namespace: dict[str, Any], lesson: Lesson) -> Any:
    """Run an example; what it raises stands in its line of the solution's docstring."""

    def compiled(source: str, line: int, mode: str) -> types.CodeType:
        return compile("\n" * (line - 1) + source, str(lesson.solution), mode)

    for statement, line in zip(example.statements, example.lines, strict=False):
        exec(compiled(statement, line, "exec"), namespace)  # noqa: S102  the course's own docstring
    return eval(compiled(example.call, example.lines[-1], "eval"), namespace)  # noqa: S307  the same


@dataclass(eq=False)
class Plugin:
    """The hooks, bound to one run."""

    run: Run
    lessons: Sequence[Lesson] = ()
    """Those that have been read already; another is looked for in the course around its checks."""
    next_run: Callable[[], Run | None] | None = None
    """Asked, when all checks are collected, for the run to do instead; None means that there is none. It may fork, and
    return as often as it does: collecting takes longer than many a check."""

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """Take over the checks.py of a lesson."""
        lesson = self._lesson(module_path)
        if lesson is None:
            return None
        # It imports torch on another core while the checks import it here.
        self.run.zygote.import_modules(imports_of([lesson]))
        module: LessonModule = LessonModule.from_parent(parent, path=module_path)
        module.lesson, module.run = lesson, self.run
        return module

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is not to be run."""
        items[:] = [item for item in items if self._is_to_be_run(item)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Prepare the checks of the run that is to be done."""
        if self.next_run is not None:
            run = self.next_run()
            if run is None:
                return True
            run.faults.update(self.run.faults)
            self.run = run
            self.pytest_collection_modifyitems(session.items)
        for item in session.items:
            found = _belonging(item)
            if found is not None:
                module, exercise = found
                module.run = self.run
                if isinstance(item, pytest.Function):
                    module.prepare(item, exercise)
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Leave a check out where an earlier one has failed and that is enough."""
        found = _belonging(item)
        if found is not None and self.run.stops_early and self.run.has_failed(found[0].lesson, found[1]):
            return True
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """Watch the fixtures of a check."""
        with self._watching(item):
            yield

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Begin a new list of recorded calls, and watch the check."""
        if (found := _belonging(item)) is not None:
            found[0].run.student(found[0].lesson).begin_check()
            if (measures := metrics.present()) is not None:
                measures.begin_check(item.name)
        with self._watching(item):
            yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        """Turn the end of a check into a verdict, and into the text that a student reads.

        pytest's own report is not even made: it would quote our source, and reading that takes longer than the check.
        """
        found = _belonging(item)
        if found is None or (call.when != "call" and call.excinfo is None):
            return None
        module, exercise = found
        verdict = self._verdict(item, module, exercise, call)
        module.run.record(module.lesson, exercise, verdict)
        if item.name.startswith("conduct_"):
            module.run.conclude(module.lesson, exercise)
        has_passed = verdict.status is Status.PASSED
        text = "\n".join([f"{exercise.name}: {verdict.status}", "", *describe.describe(verdict)])
        return pytest.TestReport(
            item.nodeid,
            item.location,
            dict.fromkeys(item.keywords, 1),
            "passed" if has_passed else "failed",
            None if has_passed else text,
            "setup" if call.when == "setup" else "call",
            duration=call.duration,
            start=call.start,
            stop=call.stop,
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a checks.py does not load, which is our fault."""
        if report.failed:
            lesson = Path(report.nodeid).parent.name
            self.run.faults[lesson] = report.longreprtext

    def pytest_keyboard_interrupt(self) -> None:
        """Tell Ctrl-C from the other things that pytest calls an interruption."""
        self.run.interrupted = True

    def _watching(self, item: pytest.Item) -> contextlib.AbstractContextManager[None]:
        return self.run.watchdog.watching() if _belonging(item) is not None else contextlib.nullcontext()

    def _is_to_be_run(self, item: pytest.Item) -> bool:
        found = _belonging(item)
        if found is None:
            return True
        module, exercise = found
        check = _check_of(item, module.lesson)
        is_visible = check is None or check.visibility in self.run.checks
        return is_visible and self.run.is_selected(module.lesson, exercise.name)

    def _lesson(self, path: Path) -> Lesson | None:
        root = path.parent.parent.parent
        if path.name != "checks.py" or path.parent.parent.name != "lessons" or not (root / "solutions").is_dir():
            return None
        if not any(lesson.checks_file == path for lesson in self.lessons):
            self.lessons = [*self.lessons, *read_course(root).lessons]
        return next((lesson for lesson in self.lessons if lesson.checks_file == path), None)

    def _verdict(
        self, item: pytest.Item, module: LessonModule, exercise: Exercise, call: pytest.CallInfo[None]
    ) -> CheckVerdict:
        from grader.authoring import CheckFailed, StillToDo
        from grader.engine.blame import blamed, fault_of
        from grader.engine.diagnosis import Failure, diagnose
        from grader.engine.replay import SmallestFound
        from grader.feedback.call_failure import CallFailed, CallLost

        check = _check_of(item, module.lesson)
        claim = (
            check.claim if check is not None else EXAMPLE_CLAIM if item.name.startswith("example_") else CONDUCT_CLAIM
        )
        points = check.points if check is not None else 1
        visibility = check.visibility if check is not None else Visibility.PUBLIC
        passed = CheckVerdict(
            item.name, claim, Status.PASSED, points, duration_ms=1000 * call.duration, visibility=visibility
        )
        error = call.excinfo.value if call.excinfo is not None else None
        if error is None:
            return passed
        student = module.run.student(module.lesson)
        if isinstance(error, SmallestFound):
            student.example, error = error.calls, error.error
        flaky = _is_flaky(error)
        if flaky:
            error = CheckFailed(
                "Your function answers the same call in different ways: is there something random in it?"
            )
        if not isinstance(error, (CheckFailed, AssertionError, StillToDo, CallFailed, CallLost)):
            if (unreadable := _unreadable(error, passed, student)) is not None:
                return unreadable
            error = blamed(error, item.name, student)
        if isinstance(error, GraderError):
            return replace(passed, status=Status.FAULT, message=str(error))
        try:
            with reading(exercise.name):
                return diagnose(passed, Failure(error, student, exercise))
        except Exception as broken:  # noqa: BLE001  a diagnosis that breaks is our fault, never the student's
            fault = replace(passed, status=Status.FAULT, message=str(fault_of(broken, item.name, module.lesson)))
            return _unreadable(broken, passed, student) or fault


def _unreadable(error: BaseException, passed: CheckVerdict, student: "Student") -> CheckVerdict | None:
    """Return the verdict where what a student's function returned took all the memory, else None."""
    from grader.feedback.call_failure import unread

    if not is_out_of_memory(error) or all(call.ending is not None for call in student.example):
        return None
    ending = unread(student.runner.limits)
    return replace(passed, status=ending.status, message=ending.message)


def _is_flaky(error: BaseException) -> bool:
    from hypothesis.errors import Flaky

    from grader.engine.replay import Unsteady

    return isinstance(error, (Flaky, Unsteady))


def _belonging(item: pytest.Item) -> tuple[LessonModule, Exercise] | None:
    """Return the lesson and the exercise of an item, or None where it is no check of ours."""
    module = item.getparent(LessonModule)
    if module is None:
        return None
    if isinstance(item, EngineCheck):
        return module, item.exercise
    check = _check_of(item, module.lesson)
    return (module, module.lesson.exercise(check.exercise)) if check is not None else None


def _check_of(item: pytest.Item, lesson: Lesson) -> Check | None:
    """Return what the lesson says of a check, or None where it is not one of its own."""
    name = str(getattr(item, "originalname", None) or item.name)
    return next((check for check in lesson.checks if check.name == name), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --submission, for a plain pytest."""
    group = parser.getgroup("grader", "Training Loop Workbook")
    group.addoption("--submission", metavar="DIR", help="folder with the student's files (default: exercises/)")
    group.addoption("--allow-unconfined", action="store_true", help="run them where they cannot be confined, too")


class PlainPlugin(Plugin):
    """The hooks for a plain pytest, which start the zygote when the first lesson is found."""

    def __init__(self, submission: Path) -> None:
        # A panel of tests is a student's: it shows whatever it runs.
        super().__init__(Run(submission, Zygote(), checks=PUBLIC))

    def pytest_unconfigure(self) -> None:
        """Leave no process behind."""
        self.run.end_student()
        self.run.zygote.close()


def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks; `grade` does not load this module as a plugin and registers its own."""
    folder = config.getoption("--submission", default=None)
    if folder and not config.getoption("--allow-unconfined", default=False):
        try:
            refuse_unconfined(config.rootpath, Path(folder))
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(PlainPlugin(Path(folder) if folder else config.rootpath / "exercises"), "grader-run")
