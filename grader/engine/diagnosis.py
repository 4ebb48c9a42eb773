"""Why a check does not hold: the smallest failing call, the known mistake it looks like, or what the tensors show."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from grader.authoring import CheckFailed, StillToDo
from grader.course.exercise_text import Mistake
from grader.course.solution import Exercise
from grader.course.unreadable import lookalikes
from grader.engine.agreement import as_tensors, close, is_finite, same
from grader.engine.mistake_worker import Answer
from grader.engine.reference import Returned, largest_float
from grader.engine.student import Call, Origin, Student, Suspects, sizes_of
from grader.errors import Fault
from grader.feedback import format_value
from grader.feedback.call_failure import CallFailed, CallLost, Ending
from grader.feedback.coercion import coerce
from grader.feedback.tensor_diff import explain, first_difference
from grader.sandbox import arrays
from grader.sandbox.figure import Picture
from grader.text import clean, listed
from grader.verdict import CheckVerdict, Difference, Status

MAX_OUTPUT_SHOWN = 4000
MAX_WHOLE = 54
"""Characters of several tensors that are shown together: a report has 80 columns, and the values begin at column 27."""


@dataclass(frozen=True)
class Failure:
    """The exception that ended a check, and the recorded calls of the exercise it belongs to."""

    error: BaseException
    student: Student
    exercise: Exercise


def diagnose(passed: CheckVerdict, failure: Failure) -> CheckVerdict:
    """Return the verdict of a check that did not pass; ``passed`` holds what is known of the check itself."""
    student, error = failure.student, failure.error
    call = call_to_show(failure)
    verdict = _failed(passed, error)
    output = verdict.output + "".join(call.output for call in student.example)
    if len(output) > MAX_OUTPUT_SHOWN:
        output = f"{output[:MAX_OUTPUT_SHOWN]}\n[{len(output) - MAX_OUTPUT_SHOWN:,} more characters]"
    verdict = replace(verdict, output=output)
    if call is not None:
        verdict = _with_call(verdict, call, error, student)
    if not verdict.seen and (letters := _lookalikes(verdict)):
        verdict = replace(verdict, explanation=letters, seen=letters)
    if note := student.note(failure.exercise):
        verdict = replace(verdict, message=f"{verdict.message}\n{note}".strip())
    if isinstance(error, CheckFailed) and error.mistake:
        verdict = _with_mistake(verdict, error.mistake, failure)
    return name_mistake(_cleaned(verdict), student, failure.exercise)


def unexplained(passed: CheckVerdict, error: BaseException, broken: Fault) -> CheckVerdict:
    """Return the verdict of a check that did not pass, and whose diagnosis is broken."""
    verdict = _failed(passed, error)
    return _cleaned(replace(verdict, message=f"{verdict.message}\nThe workbook cannot explain it: {broken}".strip()))


def _failed(passed: CheckVerdict, error: BaseException) -> CheckVerdict:
    """Return the verdict that the exception itself tells."""
    if isinstance(error, (CallFailed, CallLost)):
        ending = error.ending
        verdict = replace(passed, status=ending.status, message=ending.message, frames=ending.frames)
        return replace(verdict, explanation=ending.advice, seen=ending.advice, output=ending.output)
    if isinstance(error, StillToDo):
        return replace(passed, status=Status.TODO, message=error.message)
    return replace(passed, status=Status.WRONG, message=_message(error))


def call_to_show(failure: Failure) -> Call | None:
    """Return the most telling call of the failing example: one that differs from the reference, else the last."""
    example = failure.student.example
    if isinstance(failure.error, StillToDo):
        return None
    if isinstance(failure.error, (CallFailed, CallLost)):
        return next((call for call in reversed(example) if call.ending is not None), None)
    return next((call for call in example if not call.is_right), example[-1] if example else None)


def name_mistake(verdict: CheckVerdict, student: Student, exercise: Exercise) -> CheckVerdict:
    """Return the verdict with the known mistake that all calls so far look like, if there is one.

    A mistake that the check itself has named stays.
    """
    if verdict.names_mistake or verdict.status not in (Status.WRONG, Status.RAISED):
        return verdict
    mistake = find_mistake(student, exercise)
    if mistake is None:
        return replace(verdict, mistake="", explanation=verdict.seen)
    explanation = mistake.explanation
    if mistake.label in student.suspects[exercise.name].excused:
        explanation += " Your code differs from that only where it would divide by 0 or leave the range of numbers."
    return replace(verdict, mistake=mistake.name, explanation=explanation)


def _with_mistake(verdict: CheckVerdict, name: str, failure: Failure) -> CheckVerdict:
    """Return the verdict with the mistake that the check has named; raises Fault where there is none of this name."""
    lesson = failure.student.lesson
    for mistake in lesson.mistakes:
        if (mistake.exercise, mistake.name) == (failure.exercise.name, name):
            return replace(verdict, mistake=name, explanation=mistake.explanation, names_mistake=True)
    file = lesson.shown(lesson.text(failure.exercise.name))
    raise Fault(f"{verdict.name} names the mistake {name!r}, and {file} has no such heading: correct the name.")


def find_mistake(student: Student, exercise: Exercise) -> Mistake | None:
    """Return the known mistake that answers every recorded call as the student's code did, and not as the reference."""
    known = [mistake for mistake in student.lesson.mistakes if mistake.exercise == exercise.name]
    suspects = student.suspects.setdefault(exercise.name, Suspects(known))
    seen = student.history.get(exercise.name, [])[suspects.examined :]
    suspects.examined += len(seen)
    suspects.untried += seen
    suspects.differs = suspects.differs or not all(call.is_right for call in seen)
    # The mistakes are called here, and some calls take long.
    if not suspects.differs:
        return None
    example = student.history[exercise.name][0]
    wrong_first = sorted(suspects.untried, key=lambda call: call.is_right)  # where most mistakes differ at once
    steady = [each for each in suspects.mistakes if not student.mistaken.keeps_state(each, example)]
    student.mistaken.call_ahead(steady, wrong_first[:1])
    suspects.mistakes = [
        each
        for each in suspects.mistakes
        if all(
            _fits(call, each, student, suspects)
            # In the order in which they were made, if the mistake keeps something from one call to the next.
            for call in (wrong_first if each in steady else suspects.untried)
        )
    ]
    suspects.untried.clear()
    exact = [each for each in suspects.mistakes if each.label not in suspects.excused]
    likely = [
        each for each in suspects.mistakes if suspects.excused.get(each.label, 0) < suspects.matched.get(each.label, 0)
    ]
    return next(iter((*exact, *likely)), None)


def _fits(call: Call, mistake: Mistake, student: Student, suspects: Suspects) -> bool:
    """Whether a call may come of a mistake: it answers so, or it gives no number where the student's code does."""
    answer = student.mistaken.answer(mistake, call)
    if behaves_like(call, answer):
        if not call.is_right:
            suspects.matched[mistake.label] = suspects.matched.get(mistake.label, 0) + 1
        return True
    if not _is_degenerate(answer) or call.must_raise is not None:
        return False
    suspects.excused[mistake.label] = suspects.excused.get(mistake.label, 0) + 1
    return True


def _is_degenerate(answer: Answer) -> bool:
    """Whether a mistake has divided by 0 or met numbers that are too large: there a guard or an eps decides."""
    if isinstance(answer, Returned):
        return not is_finite(answer.value)
    return answer.error in ("ZeroDivisionError", "OverflowError")


def is_guessed(student: Student, exercise: Exercise) -> bool:
    """Whether most of what a function answers is wrong, the example of its docstring aside.

    Whatever holds for such a function holds by accident: a loss that is always 0 is convex, too. To end without a value
    is an answer, and a wrong one. Pictures are not compared, nor what a driver sees, for two right ones differ; what is
    not compared counts as right. Beside answers that only a right function knows, another right one tells nothing. The
    search for a smaller failing example looks for wrong answers, and counts neither.
    """
    example = {call.key for call in student.first_calls.get(exercise.name, [])[:1]}
    calls = [
        call
        for call in student.history.get(exercise.name, [])
        if (call.args or call.kwargs) and call.key not in example and call.origin is not Origin.SMALLER
    ]
    if any(call.origin is Origin.DRAWN for call in calls):
        calls = [call for call in calls if _is_wrong(call) or not _is_easily_known(call)]
    return 2 * sum(map(_is_wrong, calls)) > len(calls)


def _is_easily_known(call: Call) -> bool:
    """Whether a right answer may be known by heart: all seeds ask for it, or what goes in or comes out is all zeros."""
    wanted = call.wanted.value if isinstance(call.wanted, Returned) else ()
    return call.origin is not Origin.DRAWN or _is_all_zero(_given(call)) or _is_all_zero(wanted)


def _is_all_zero(value: Any) -> bool:
    """Whether the floats of a value are 0, and it has any."""
    return _holds_floats(value) and largest_float(value) == 0


def _holds_floats(value: Any) -> bool:
    if isinstance(value, (list, tuple, dict)):
        return any(map(_holds_floats, value.values() if isinstance(value, dict) else value))
    return value.is_floating_point() if isinstance(value, Tensor) else isinstance(value, float)


def _is_wrong(call: Call) -> bool:
    """Whether a call ended without a value, or with a value that no right function returns."""
    return (call.ending is not None or _is_compared(call)) and not call.is_right


def _is_compared(call: Call) -> bool:
    """Whether what a call returned is right for no other function than one that returns the same."""
    return call.driver is None and isinstance(call.wanted, Returned) and type(call.wanted.value) is not Picture


def _given(call: Call) -> Any:
    return call.args, call.kwargs


def behaves_like(call: Call, answer: Answer) -> bool:
    """Whether a call returned what another function answers, or raised what it raises."""
    if isinstance(answer, Returned):
        return call.ending is None and same(call.returned, answer.value, call.size)
    if call.must_raise is not None and answer.is_a(call.must_raise):
        return call.raises_as_required  # in whatever words
    return call.ending is not None and not call.raises_as_required and _complains_alike(call.ending, answer)


def _complains_alike(ending: Ending, other: Ending) -> bool:
    """Whether an exception says what another one says, in whatever order: `a * b` and `b * a` fail alike.

    The type alone says too little: most of what torch refuses is a RuntimeError.
    """
    return bool(ending.error) and ending.error == other.error and _words(ending.message) == _words(other.message)


def _words(message: str) -> list[str]:
    """Return the words of a message in order; `@`, `addmm` and a layer refuse the same shapes, each under its name."""
    return sorted(re.findall(r"\w+", re.sub(r"\b(?:add|baddb|b)?mm: ", "", message)))


def _with_call(verdict: CheckVerdict, call: Call, error: BaseException, student: Student) -> CheckVerdict:
    parameters = student.lesson.exercise(call.exercise).parameters
    text = format_value.call(call.exercise, *call.given, parameters, call.driver)
    verdict = replace(verdict, counterexample=text)
    if call.ending is not None:
        return verdict
    if call.must_raise is not None:
        return replace(verdict, returned=format_value.short(call.returned), wanted=call.must_raise.__qualname__)
    if call.is_secret:
        return replace(verdict, counterexample="")
    if not isinstance(call.wanted, Returned):
        return verdict
    returned, wanted, as_given = call.returned, call.wanted.value, _as_given(call.wanted.raw)
    if call.is_right or type(wanted) is Picture:
        if not isinstance(error, CheckFailed) or error.wanted is None:
            return verdict  # the value is right; the message says what is wrong
        # The value is right to float32, or a figure, of which two right ones differ: the check looked at a part of it.
        returned, wanted, as_given = error.returned, error.wanted, _as_given(error.wanted)
    try:
        comparable, wanted = arrays.tensors_of(coerce(returned, wanted)), arrays.tensors_of(wanted)
    except CheckFailed:
        # Kind or shape differ, and the message has said how.
        texts = format_value.pair(as_given(returned), as_given(wanted))
        return replace(verdict, returned=texts[0], wanted=texts[1], difference=Difference.KIND)
    tensors = as_tensors(comparable, wanted)
    cell = first_difference(*tensors) if tensors is not None else None
    texts = _shown(comparable, wanted, cell or None, as_given)
    difference, seen = _seen(comparable, wanted, sizes_of(parameters, call.args))
    seen = seen if as_given is _same else arrays.of_arrays(seen)
    return replace(verdict, returned=texts[0], wanted=texts[1], explanation=seen, seen=seen, difference=difference)


def _lookalikes(verdict: CheckVerdict) -> str:
    """Return which letter of a quoted word only looks like a Latin one: a reader cannot see that."""
    words = re.findall(r"['\"](\w{1,100})['\"]", f"{verdict.message} {verdict.returned}")
    return next((found for word in words if (found := lookalikes(word))), "")


def _seen(value: Any, wanted: Any, sizes: dict[str, int], where: str = "") -> tuple[Difference, str]:
    """Return what a wrong value looks like; of several parts, what the first wrong one does."""
    parts = _parts(value, wanted)
    wrong = [each for each in parts if not close(*each[1:])]
    if exchanged := _exchanged(wrong):
        return Difference.FORM, _in(where, exchanged)
    tensors = as_tensors(value, wanted)
    if tensors is not None:
        form = explain(*tensors, sizes)
        difference = Difference.FORM if form else Difference.VALUES
        return difference, _in(where, form or _first_difference(*tensors))
    if not wrong:
        return Difference.VALUES, ""
    name, mine, part = wrong[0]
    difference, text = _seen(mine, part, sizes, _place(where, name))
    if text:
        return difference, text
    names = [name for name, *_ in parts], [name for name, *_ in wrong]
    return Difference.VALUES, _in(where, _right_and_wrong(*names) if type(wanted) is dict else "")


def _in(where: str, text: str) -> str:
    """Return a sentence about a part of a value."""
    return f"In {where}: {text}" if where and text else text


def _place(where: str, name: str) -> str:
    """Return the place of a part within a part: `[1][0]`."""
    return where + (name if not where or name[0] == "[" else f"[{name}]")


def _same(value: Any) -> Any:
    return value


def _as_given(wanted: Any) -> Callable[[Any], Any]:
    """Return what makes arrays of the tensors in a value, if arrays are expected."""
    return arrays.arrays_of if arrays.has_arrays(wanted) else _same


def _shown(
    value: Any, wanted: Any, cell: tuple[int, ...] | None, as_given: Callable[[Any], Any] = _same
) -> tuple[str, str]:
    """Return two values as short texts; of several tensors that do not fit a line, only the first that differs."""
    texts = format_value.pair(as_given(value), as_given(wanted), cell)
    where, parts = "", _parts(value, wanted)
    while max(map(len, texts)) > MAX_WHOLE and any(type(part) in (Tensor, dict) for _, _, part in parts):
        name, value, wanted = next((each for each in parts if not close(*each[1:])), ("", None, None))
        if not name:
            return texts
        where, parts = _place(where, name), _parts(value, wanted)
        tensors = as_tensors(value, wanted)
        cell = first_difference(*tensors) if tensors is not None else None
        mine, right = format_value.pair(as_given(value), as_given(wanted), cell or None)
        texts = f"{where}: {mine}", f"{where}: {right}"
    return texts


def _parts(value: Any, wanted: Any) -> list[tuple[str, Any, Any]]:
    """Return the parts of a dict, a list or a tuple by name, each with the expected one."""
    if type(wanted) is dict:
        return [(f'"{key}"', value[key], part) for key, part in wanted.items()]
    if type(wanted) in (list, tuple):
        return [(f"[{i}]", mine, part) for i, (mine, part) in enumerate(zip(value, wanted, strict=True))]
    return []


def _exchanged(wrong: Sequence[tuple[str, Any, Any]]) -> str:
    """Say that two parts are exchanged, where they hold more than a number or have names."""
    if len(wrong) != 2:
        return ""
    (one, its, wanted), (other, others, wanted_there) = wrong
    is_plain = one.startswith("[") and not any(type(part) is Tensor and part.ndim for part in (wanted, wanted_there))
    if is_plain or not (same(its, wanted_there) and same(others, wanted)):
        return ""
    return f"Here the parts {one} and {other} of the result are exchanged."


def _right_and_wrong(names: Sequence[str], wrong: Sequence[str]) -> str:
    """Say which entries of a dictionary are right, if some are."""
    right = [name for name in names if name not in wrong]
    if not right:
        return ""
    is_right, differs = "is" if len(right) == 1 else "are", "differs" if len(wrong) == 1 else "differ"
    return f"Here {listed(right)} {is_right} right; {listed(wrong)} {differs}."


def _first_difference(value: Tensor, wanted: Tensor) -> str:
    """Say where a value first differs, in the order of its entries; one number is shown as it is anyway."""
    cell = first_difference(value, wanted)
    if not cell or wanted.is_complex():
        return ""
    mine, right = (f"{each[cell].item():.4g}" for each in (value, wanted))
    rows = "entries" if wanted.ndim == 1 else "rows"
    before = f"The first {cell[0]} of {len(wanted)} {rows} are right. " if cell[0] > 1 else ""
    return f"{before}The first difference is at {list(cell)}: {mine}, expected {right}."


def _message(error: BaseException) -> str:
    if isinstance(error, CheckFailed):
        return error.message
    # A plain `assert` of a check: its claim says what matters, pytest's rewriting only repeats the code.
    text = str(error).partition("\n")[0]
    return "" if text.startswith("assert ") else text


def _cleaned(verdict: CheckVerdict) -> CheckVerdict:
    """Return the verdict with texts that a terminal shows as they are: much of them is the student's."""
    return replace(
        verdict,
        message=clean(verdict.message),
        counterexample=clean(verdict.counterexample),
        returned=clean(verdict.returned),
        wanted=clean(verdict.wanted),
        explanation=clean(verdict.explanation),
        seen=clean(verdict.seen),
        output=clean(verdict.output),
        frames=tuple(
            replace(frame, file=clean(frame.file), function=clean(frame.function), code=clean(frame.code))
            for frame in verdict.frames
        ),
    )
