"""How a lesson's file stands, for the page: a pure function of the events of the engine of rounds."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace

from grader.course.locations import lines_of
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.errors import GraderError
from grader.live.events import Done, Event, Faulted, FirstFailure, Graded, Loaded, Loading, Started, Unusable
from grader.progress.store import digest
from grader.reports import page
from grader.text import clean
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, LoopStep, Status
from grader.web.views import CheckState, ExerciseState, Failure, Mark, RoundState


def start(lesson: Lesson) -> RoundState:
    """Return the state of a lesson of which nothing is known; without exercises if it cannot be read."""
    rows: tuple[ExerciseState, ...] = ()
    with contextlib.suppress(GraderError):
        rows = tuple(_unknown(exercise.name, 0) for exercise in lesson.exercises)
    return RoundState(
        lesson=lesson.name,
        digest="",
        loading="",
        is_grading=False,
        seconds=0.0,
        failing="",
        failing_exercise="",
        exercises=rows,
        is_complete=False,
        complaint="",
        isolation="",
    )


def after(state: RoundState, event: Event) -> RoundState:
    """Return the state after an event about its lesson."""
    match event:
        case Loading(what):
            return replace(state, loading=what)
        case Loaded():
            return replace(state, loading="")
        case Started(lesson, source):
            begun = _begun(state, lesson, source)
            return replace(begun, is_grading=True, failing="", failing_exercise="", complaint="", is_complete=False)
        case FirstFailure(exercise, claim):
            return replace(state, failing=clean(claim), failing_exercise=exercise)
        case Graded(exercise, part):
            return _with(state, exercise, _graded(part.exercises[0], _line(state, exercise)))
        case Faulted(exercise, message):
            fault = _unknown(exercise, _line(state, exercise), Status.FAULT)
            return _with(state, exercise, replace(fault, fault=message))
        case Done(verdict, isolation, seconds):
            is_complete = verdict is not None and verdict.status is Status.PASSED
            done = replace(state, is_grading=False, failing="", failing_exercise="", seconds=seconds)
            return replace(done, is_complete=is_complete, isolation=isolation)
        case Unusable(message):
            return replace(state, is_grading=False, complaint=message)
    return state


def failed(state: RoundState, why: str) -> RoundState:
    """Return the state after a fault of the grader, which ends the round."""
    return replace(state, loading="", is_grading=False, failing="", failing_exercise="", complaint=why)


def remembered(
    lesson: Lesson, source: Source | Unreadable, verdict: LessonVerdict | None, todo: Iterable[str]
) -> RoundState:
    """Return the state of a lesson that is not graded now, from what is remembered of its present file."""
    state = _begun(start(lesson), lesson, source)
    for name in todo:
        state = _with(state, name, _unknown(name, _line(state, name), Status.TODO))
    for exercise in verdict.exercises if verdict is not None else ():
        state = _with(state, exercise.name, _graded(exercise, _line(state, exercise.name)))
    return replace(state, is_complete=verdict is not None and verdict.status is Status.PASSED and _is_whole(state))


def _begun(state: RoundState, lesson: Lesson, source: Source | Unreadable) -> RoundState:
    content = source.content if isinstance(source, Source) else b""
    lines = lines_of(content.decode("utf-8", "replace"))
    rows = tuple(_unknown(exercise.name, lines.get(exercise.name, 0)) for exercise in lesson.exercises)
    return replace(state, digest=digest(content) if isinstance(source, Source) else "", exercises=rows)


def _unknown(name: str, line: int, status: Status | None = None) -> ExerciseState:
    words = page.WORDS[status] if status is not None else ""
    return ExerciseState(name, status or "", words, "", line, (), None, (), "")


def _graded(verdict: ExerciseVerdict, line: int) -> ExerciseState:
    failure = verdict.first_failure
    is_open = failure is None or verdict.status is Status.TODO
    return ExerciseState(
        name=verdict.name,
        status=verdict.status,
        words=page.WORDS[verdict.status],
        standing=page.standing(verdict),
        line=line,
        checks=tuple(_check(check) for check in verdict.checks),
        failure=None if failure is None or is_open else _failure(failure, verdict.unpaid_until),
        advice=tuple(page.details(verdict)) if is_open else (),
        fault=clean(failure.message) if failure is not None and verdict.status is Status.FAULT else "",
    )


def _check(check: CheckVerdict) -> CheckState:
    return CheckState(page.one_line(check.claim), check.status, check.points, check.max_points)


def _failure(check: CheckVerdict, unpaid_until: str) -> Failure:
    message = clean(check.message)
    marks = [Mark(each.line, each.column, each.width, page.one_line(message or check.claim)) for each in check.frames]
    is_said = check.explanation in check.message
    return Failure(
        claim=clean(check.claim),
        counterexample=clean(check.counterexample),
        returned=clean(check.returned),
        expected=clean(check.wanted),
        output=clean(check.output.strip("\n")),
        message=message,
        later=f"Passing checks count once {unpaid_until}." if unpaid_until else "",
        explanation="" if is_said else clean(check.explanation),
        marks=tuple(marks),
        steps=tuple(map(_step, check.cause.steps)) if check.cause is not None else (),
    )


def _step(step: LoopStep) -> LoopStep:
    return replace(step, numbers=tuple(replace(each, name=clean(each.name)) for each in step.numbers))


def _line(state: RoundState, exercise: str) -> int:
    return next((each.line for each in state.exercises if each.name == exercise), 0)


def _is_whole(state: RoundState) -> bool:
    return all(each.status for each in state.exercises)


def _with(state: RoundState, name: str, changed: ExerciseState) -> RoundState:
    rows = tuple(changed if each.name == name else each for each in state.exercises)
    return replace(state, exercises=rows)
