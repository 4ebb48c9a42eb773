"""Turn a lesson and a submission into a verdict by calling the checks in order; nothing is printed.

A check's argument with the name of an exercise is the student's function. The engine adds two checks per exercise: the
docstring example, if there is one, comes first, and side effects come after the public checks.
"""

import time
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from grader import metrics
from grader.course.exercise_file import Check
from grader.course.model import Lesson
from grader.course.solution import Example, Exercise
from grader.course.submission import Source, Unreadable
from grader.engine.reading import is_out_of_memory, reading
from grader.engine.watchdog import Watchdog
from grader.errors import Fault, GraderError
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import (
    EVERYTHING,
    PUBLIC,
    Cause,
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
    from grader.engine.search import Search
    from grader.engine.student import Call, Student, StudentFunction
    from grader.sandbox.connection import Channel

_Found = TypeVar("_Found")

EXAMPLE_CLAIM = "The docstring example returns what it says."
CONDUCT_CLAIM = "It leaves its arguments and global settings unchanged."


@dataclass(frozen=True)
class Searched:
    """A search for the cause of wrong answers, and what it has found."""

    question: str
    """A digest of everything that decides what is found."""
    cause: Cause | None


@dataclass(frozen=True)
class Options:
    """The options of a grading."""

    exercises: tuple[str, ...] = ()
    """Exercises to grade; empty means all."""
    seed: int = 0
    """0 for the fixed examples, otherwise the seed of fresh ones."""
    limits: Limits = field(default_factory=Limits)
    checks: frozenset[Visibility] = EVERYTHING
    """Visibilities of the checks to run; the others are only counted."""
    shrinks: bool = True
    """Whether to search for a smallest failing example; without it the points are the same, and known sooner."""
    stops_early: bool = False
    """Whether an exercise stops at its first failing check: enough to know whether one fails."""
    unreadable: tuple[str, ...] = ()
    """Exercises whose answers cannot be read: check processes have died reading them."""
    explains: bool = True
    """Whether to search for the cause of wrong answers; without it the points are the same."""
    is_strict: bool = False
    """Whether a broken explanation is a fault, as audits and tests want it; else the verdict stands without it."""
    searched: tuple[Searched, ...] | None = None
    """Results of earlier searches of a class, so that no search runs twice; None outside a class."""
    width: int = 80
    """Columns of the terminal that a picture of characters is drawn for."""

    def selects(self, exercise: str) -> bool:
        """Whether to grade an exercise."""
        return not self.exercises or exercise in self.exercises


def code_of(function: Callable[..., Any]) -> types.CodeType:
    """Return the code of a test function, inside any Hypothesis wrapper."""
    code: types.CodeType = getattr(getattr(function, "hypothesis", None), "inner_test", function).__code__
    return code


@dataclass(frozen=True)
class LoadedLesson:
    """A lesson loaded for one grading, or for many in a process that forks for each."""

    lesson: Lesson
    functions: Mapping[str, Callable[..., Any]]
    """The lesson's test functions by name. Hypothesis stores state in them, so each serves once."""
    reference: "Reference"
    examples: "Examples | None" = None
    """Examples to replay or to record."""


def load(lesson: Lesson, reference: "Reference | None" = None, examples: "Examples | None" = None) -> LoadedLesson:
    """Load a lesson's checks; raises GraderError if it cannot be graded."""
    from grader.engine.reference import Reference, load_exercises

    lesson.exercises, lesson.examples, lesson.checks, lesson.mistakes  # noqa: B018  raise errors in the lesson now
    modules = load_exercises(lesson)
    functions = {check.name: _function(modules[check.exercise], check, lesson) for check in lesson.checks}
    return LoadedLesson(lesson, functions, reference or Reference(lesson), examples)


def _function(module: types.ModuleType, check: Check, lesson: Lesson) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(module, check.name)
    for name, said in (("visibility", check.visibility), ("points", check.points)):
        if getattr(function, name, Visibility.PUBLIC if name == "visibility" else 1) != said:
            ways = "@hidden or @after_due" if name == "visibility" else "@points"
            file = lesson.shown(lesson.code(check.exercise))
            raise Fault(f"{file}:{check.line}: {check.name} is decorated under an alias: write {ways}.")
    return function


@dataclass(frozen=True)
class Task:
    """What a check process needs to grade."""

    loaded: LoadedLesson
    source: Source | Unreadable
    """The submission."""
    zygote: Zygote
    options: Options = field(default_factory=Options)
    worker: "Channel | None" = None
    """A worker that is already started."""
    on_check: Callable[[CheckVerdict], None] | None = None
    """Receives every verdict as soon as its check ends; its mistake may still be named later."""
    watchdog: Watchdog = field(default_factory=Watchdog)
    """The time limit on the checks."""

    @property
    def lesson(self) -> Lesson:
        """The lesson to grade."""
        return self.loaded.lesson


@dataclass(frozen=True)
class Graded:
    """The result of a grading."""

    lesson: LessonVerdict
    isolation: str
    behaviours: dict[str, str] = field(default_factory=dict)
    """By exercise that failed without a known mistake: the fingerprint of its behaviour."""
    searched: tuple[Searched, ...] = ()
    """The searches that were made, where they are kept."""


class Kind(Enum):
    """Where a check comes from."""

    EXAMPLE = "the docstring of the solution"
    LESSON = "the `.py` of the exercise"
    CONDUCT = "the side effects of the other checks' calls"


@dataclass(frozen=True)
class Item:
    """One check of a grading."""

    name: str
    kind: Kind
    exercise: Exercise
    passed: CheckVerdict
    """Its verdict if it passes."""


def items_of(lesson: Lesson, options: Options) -> list[Item]:
    """Return the checks in run order: by exercise, but all that are not public at the end.

    So neither their effects nor their time can change what a student sees.
    """
    items: list[Item] = []
    selected = [exercise for exercise in lesson.exercises if options.selects(exercise.name)]
    for exercise in selected:
        if exercise.name in lesson.examples:
            items.append(_engine_item(Kind.EXAMPLE, f"example_{exercise.name}", exercise, EXAMPLE_CLAIM))
        items += _items(lesson, exercise, PUBLIC & options.checks)
        items.append(_engine_item(Kind.CONDUCT, f"conduct_{exercise.name}", exercise, CONDUCT_CLAIM))
    for exercise in selected:
        items += _items(lesson, exercise, options.checks - PUBLIC)
    return items


def _engine_item(kind: Kind, name: str, exercise: Exercise, claim: str) -> Item:
    return Item(name, kind, exercise, CheckVerdict(name, claim, Status.PASSED))


def _items(lesson: Lesson, exercise: Exercise, visible: frozenset[Visibility]) -> Iterator[Item]:
    for check in lesson.checks:
        if check.exercise == exercise.name and check.visibility in visible:
            passed = CheckVerdict(check.name, check.claim, Status.PASSED, check.points, visibility=check.visibility)
            yield Item(check.name, Kind.LESSON, exercise, passed)


class Grading:
    """Grades one submission to a lesson, check by check."""

    def __init__(self, task: Task) -> None:
        import torch

        from grader.engine.student import Student
        from grader.engine.worker_session import Runner
        from grader.feedback.call_failure import unread

        # For tensors this small, dispatching work to threads takes longer than the work.
        torch.set_num_threads(1)
        self.task = task
        limits = task.options.limits
        runner = Runner(task.lesson, task.source, task.zygote, limits, ready=task.worker)
        self.student: Student = Student(runner, task.loaded.reference, task.watchdog)
        for exercise in task.options.unreadable:
            self.student.give_up(exercise, unread(limits))
        self.verdicts: dict[str, list[CheckVerdict]] = {}
        """By exercise, in run order."""
        self._advice: dict[str, tuple[str, ...]] = {}
        self._behaviours: dict[str, str] = {}
        self._searched: list[Searched] = []
        self._guessed: set[str] = set()
        """Failed exercises with mostly wrong answers."""
        self._shown: dict[str, Call | None] = {}
        """By check that failed: the call that its verdict shows."""

    def run(self) -> Graded:
        """Run all checks, then end the worker."""
        try:
            for item in items_of(self.task.lesson, self.task.options):
                if not (self.task.options.stops_early and self.has_failed(item.exercise)):
                    self.run_check(item)
        finally:
            self.student.close()
        return self.graded()

    def run_check(self, item: Item) -> CheckVerdict:
        """Run one check; record and return its verdict."""
        self.student.begin_check()
        if (measures := metrics.present()) is not None:
            measures.begin_check(item.name)
        error, started = None, time.perf_counter()
        try:
            with self.task.watchdog.watching(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch warns about the student's values at lines of the grader
                self._call(item)
        except KeyboardInterrupt:
            raise
        except BaseException as broken:  # noqa: BLE001  a check may raise anything, and always gets a verdict
            error = broken
        passed = replace(item.passed, duration_ms=1000 * (time.perf_counter() - started))
        verdict = passed if error is None else self._verdict(item, passed, error)
        self._record(item, verdict)
        if item.kind is Kind.CONDUCT:
            self._conclude(item.exercise)
        return verdict

    def has_failed(self, exercise: Exercise) -> bool:
        """Whether an earlier check of the exercise did not pass."""
        return any(check.status is not Status.PASSED for check in self.verdicts.get(exercise.name, ()))

    def graded(self) -> Graded:
        """Return the result so far."""
        lesson, options = self.task.lesson, self.task.options
        exercises = tuple(self._exercise(each) for each in lesson.exercises if options.selects(each.name))
        verdict = LessonVerdict(lesson.id, lesson.name, lesson.title, exercises)
        return Graded(verdict, self.task.zygote.isolation, self._behaviours, tuple(self._searched))

    def _call(self, item: Item) -> None:
        match item.kind:
            case Kind.EXAMPLE:
                _run_example(self.student, item.exercise)
            case Kind.LESSON:
                self._run_function(item)
            case Kind.CONDUCT:
                _run_conduct(self.student, item.exercise)

    def _run_function(self, item: Item) -> None:
        """Call a lesson's test function with the student's functions; Hypothesis draws the other arguments."""
        from grader.engine.blame import fault_at
        from grader.engine.replay import Manner, parameters_of, prepare

        lesson, options, function = self.task.lesson, self.task.options, self.task.loaded.functions[item.name]

        def shrinks() -> bool:
            return options.shrinks and not self.has_failed(item.exercise)

        try:
            check = prepare(function, item.name, self.student, Manner(options.seed, shrinks, self.task.loaded.examples))
        except Exception as error:  # Hypothesis rejects the author's check
            raise fault_at(function, error, item.name, lesson) from error
        names = parameters_of(function)
        check(**{each.name: self.student.function(each) for each in lesson.exercises if each.name in names})

    def _record(self, item: Item, verdict: CheckVerdict) -> None:
        name = item.exercise.name
        self.verdicts.setdefault(name, []).append(verdict)
        if verdict.visibility is Visibility.PUBLIC:
            # Checks that are not public run last, and advice from their calls is not public either.
            self._advice[name] = tuple(self.student.advice.get(name, ()))
        if self.task.on_check is not None:
            self.task.on_check(verdict)

    def _verdict(self, item: Item, passed: CheckVerdict, error: BaseException) -> CheckVerdict:
        from grader.authoring import CheckFailed, StillToDo
        from grader.engine.blame import fault_of
        from grader.engine.replay import SmallestFound, is_flaky
        from grader.feedback.call_failure import CallFailed, CallLost

        if isinstance(error, SmallestFound):
            self.student.example, error = error.calls, error.error
        if is_flaky(error):
            text = "Your function returns different results for the same call: does it use randomness?"
            return self._diagnosed(item, passed, CheckFailed(text))
        if not isinstance(error, (CheckFailed, AssertionError, StillToDo, CallFailed, CallLost)):
            fault = fault_of(error, item.name, self.task.lesson)
            return self._unreadable(error, passed) or replace(passed, status=Status.FAULT, message=str(fault))
        return self._diagnosed(item, passed, error)

    def _diagnosed(self, item: Item, passed: CheckVerdict, error: BaseException) -> CheckVerdict:
        from grader.engine.blame import fault_of
        from grader.engine.diagnosis import Failure, call_to_show, diagnose, unexplained

        failure = Failure(error, self.student, item.exercise)
        try:
            with reading(item.exercise.name):
                self._shown[item.name] = call_to_show(failure)
                return diagnose(passed, failure)
        except Exception as broken:  # noqa: BLE001  a broken diagnosis is a bug of the grader, not the student's
            if unread := self._unreadable(broken, passed):
                return unread
            fault = fault_of(broken, item.name, self.task.lesson)
            if self.task.options.is_strict or isinstance(broken, Fault):
                return replace(passed, status=Status.FAULT, message=str(fault))
            return unexplained(passed, error, fault)  # the check has failed, whatever explains it

    def _unreadable(self, error: BaseException, passed: CheckVerdict) -> CheckVerdict | None:
        """Return the verdict if the student's returned value exhausted the memory, else None."""
        from grader.feedback.call_failure import unread

        if not is_out_of_memory(error) or all(call.ending is not None for call in self.student.example):
            return None
        ending = unread(self.task.options.limits)
        return replace(passed, status=ending.status, message=ending.message)

    def _conclude(self, exercise: Exercise) -> None:
        """Review all calls after the last public check: only they separate two mistakes, or reveal a guess."""
        try:
            with reading(exercise.name):
                self._look_back(exercise)
        except Exception as error:
            if not is_out_of_memory(error):
                raise  # otherwise no mistake is named

    def _look_back(self, exercise: Exercise) -> None:
        from grader.engine import fingerprint
        from grader.engine.diagnosis import is_guessed, name_mistake
        from grader.engine.search import Search

        name, search = exercise.name, Search(self.student, exercise)
        if self.has_failed(exercise) and is_guessed(self.student, exercise):
            self._guessed.add(name)
        failed = [check for check in self.verdicts.get(name, []) if _may_be_explained(check)]
        searches = bool(failed) and self.task.options.explains
        # First the exercises that it calls: the mistake that its answers look like may be made there.
        is_explained = searches and self._explain(exercise, search.find_callee)
        if not is_explained:
            verdicts = self.verdicts.get(name, [])
            named = self._unless_broken(lambda: [name_mistake(each, self.student, exercise) for each in verdicts])
            self.verdicts[name] = named or verdicts
        if not failed or any(check.mistake for check in self.verdicts[name]):
            return
        if searches and not is_explained and not self._explain(exercise, lambda: self._cause(search)):
            self._explain_step(exercise)
        self._behaviours[name] = fingerprint.name_of(self.student.first_calls.get(name, []))

    def _explain(self, exercise: Exercise, find: Callable[[], Cause | None]) -> bool:
        """Add the cause that explains all answers to every check that failed; return whether one is found."""
        cause = self._unless_broken(find)
        if cause is not None:
            statuses = (Status.WRONG, Status.RAISED) if cause.kind == "calls" else (Status.WRONG,)
            self.verdicts[exercise.name] = [
                replace(check, mistake="", cause=cause, explanation=cause.sentence)
                if check.status in statuses and not check.names_mistake
                else check
                for check in self.verdicts[exercise.name]
            ]
        return cause is not None

    def _explain_step(self, exercise: Exercise) -> None:
        """Add to the check that is shown at which step of a loop its call first goes wrong, if that is found."""
        from grader.engine import steps

        first = self._exercise(exercise).first_failure
        call = self._shown.get(first.name) if first is not None else None
        if first is None or call is None:
            return
        cause = self._unless_broken(lambda: steps.find(self.student, exercise, call))
        if cause is not None:
            told = replace(first, cause=cause, explanation=f"{first.explanation} {cause.sentence}".strip())
            self.verdicts[exercise.name] = [
                replace(told, earned=check.earned) if check.name == first.name else check
                for check in self.verdicts[exercise.name]
            ]

    def _cause(self, search: "Search") -> Cause | None:
        """Return what a search finds, or has found for the same answers."""
        known = self.task.options.searched
        question = search.question() if known is not None else ""
        if question:
            for each in known or ():
                if each.question == question:
                    return each.cause
        cause = search.find()
        if question and not search.has_hung:
            self._searched.append(Searched(question, cause))
        return cause

    def _unless_broken(self, find: Callable[[], _Found]) -> _Found | None:
        """Return what is found; a broken search takes nothing from a verdict."""
        try:
            return find()
        except Exception as error:
            if is_out_of_memory(error) or self.task.options.is_strict:
                raise
            return None

    def _exercise(self, exercise: Exercise) -> ExerciseVerdict:
        lesson = self.task.lesson
        checks = self.verdicts.get(exercise.name, [])
        if not checks:
            checks = [unchecked("No check of this exercise was run.", lesson.strictest)]
        first = next((check for check in checks if check.visibility is Visibility.PUBLIC), checks[0])
        if first.status is not Status.PASSED or exercise.name in self._guessed:
            # A wrong function passes some checks by accident: they count once most answers are right.
            checks = [replace(check, earned=False) for check in checks]
        withheld = sum(
            check.exercise == exercise.name and check.visibility not in self.task.options.checks
            for check in lesson.checks
        )
        advice = self._advice.get(exercise.name, ())
        return ExerciseVerdict(exercise.name, exercise.bonus, tuple(checks), advice, withheld)


def _may_be_explained(check: CheckVerdict) -> bool:
    """Whether a check failed for what the function answered; a side effect explains itself."""
    return check.status in (Status.WRONG, Status.RAISED) and check.claim != CONDUCT_CLAIM


def faulty(lesson: Lesson, options: Options, fault: GraderError) -> LessonVerdict:
    """Return the verdict on a lesson that cannot be graded: a fault for every exercise.

    Its visibility is the lesson's strictest, because the message may quote a check. Raises GraderError if not even the
    exercises are known.
    """
    check = unchecked(str(fault), lesson.strictest)
    exercises = tuple(
        ExerciseVerdict(each.name, each.bonus, (check,)) for each in lesson.exercises if options.selects(each.name)
    )
    return LessonVerdict(lesson.id, lesson.name, lesson.title, exercises)


def _run_example(student: "Student", exercise: Exercise) -> None:
    """Compare the example's value with the solution's, never with the printed text."""
    from grader.authoring import CheckFailed
    from grader.engine.agreement import same
    from grader.engine.blame import Solution, blaming

    example, namespace = student.lesson.examples[exercise.name], dict(student.reference.solution.__dict__)

    def value_with(function: "StudentFunction | Solution") -> Any:
        if exercise.is_class:
            return function.run(example.code)  # objects of a class do not leave the worker
        return _evaluate(example, {**namespace, exercise.name: function}, student.lesson)

    def compare(function: "StudentFunction | Solution", solution: Solution) -> None:
        wanted, returned = value_with(solution), value_with(function)
        if not same(returned, wanted):
            raise CheckFailed("", returned, wanted)

    solution = Solution(exercise, student.reference)
    blaming(compare, f"example_{exercise.name}", student)(function=student.function(exercise), solution=solution)


def _run_conduct(student: "Student", exercise: Exercise) -> None:
    """Check the side effects of the other checks' calls."""
    from grader.authoring import CheckFailed
    from grader.feedback.call_failure import CallLost, Ending

    if exercise.name not in student.observed:
        unseen = Ending(Status.WRONG, "No call has returned yet, so side effects cannot be checked.")
        raise CallLost(student.standing(exercise) or student.endings.get(exercise.name) or unseen)
    for text, call in student.conduct.get(exercise.name, {}).items():
        student.example.append(call)
        raise CheckFailed(text)


def _evaluate(example: Example, namespace: dict[str, Any], lesson: Lesson) -> Any:
    """Run an example; tracebacks show its line in the solution's docstring."""

    def compiled(source: str, line: int, mode: str) -> types.CodeType:
        return compile("\n" * (line - 1) + source, str(lesson.solution), mode)

    for statement, line in zip(example.statements, example.lines, strict=False):
        exec(compiled(statement, line, "exec"), namespace)  # noqa: S102  the course's own docstring
    return eval(compiled(example.call, example.lines[-1], "eval"), namespace)  # noqa: S307  the same
