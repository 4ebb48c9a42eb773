"""Why an exercise is wrong, found by search: what the reference would have to do to give the student's answers.

A cause is a claim about a program, so it is stated only when it reproduces every recorded answer of the student's
function, right and wrong ones. Four families are tried, none of which knows a lesson: the function keeps something
between calls; the reference with other arguments; with another result; and with two known mistakes at once. How much
is tried is counted and not timed, so that the same file gets the same sentence on a busy machine.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import torch
from torch import Tensor

from grader.course.solution import Exercise
from grader.engine.diagnosis import is_secret, same
from grader.engine.reference import Asked, Returned, Unanswerable
from grader.engine.student import Call, Student
from grader.feedback import format_value
from grader.sandbox.figure import Picture
from grader.verdict import Cause

MAX_ASKED = 600
"""Calls of the reference that one search makes."""
MAX_SECONDS = 0.002
"""A reference that takes longer for a call, a picture mostly, is not called with other arguments."""
MIN_CALLS = 4
"""Fewer calls prove nothing."""

Change = Callable[[Any], Any]
"""Returns another value; raises `_Unlike` where the change means nothing for this one."""


class _Unlike(Exception):
    """A change does not apply to a value, or changes nothing of it."""


@dataclass(frozen=True)
class _Arguments:
    """The reference called with other arguments."""

    cause: Cause
    change: Callable[[dict[str, Any]], dict[str, Any]]
    """Takes the arguments of a call by name."""


@dataclass(frozen=True)
class _Result:
    """The reference's answer, changed."""

    cause: Cause
    change: Callable[[Any, Call], Any]


@dataclass
class Search:
    """The recorded calls of one exercise, and what may explain them."""

    student: Student
    exercise: Exercise
    asked: int = 0

    @cached_property
    def calls(self) -> list[Call]:
        """The calls that returned a value, the wrong ones first, the smallest of them before all."""
        history = [call for call in self.student.history.get(self.exercise.name, []) if call.must_raise is None]
        return sorted(history, key=lambda call: (_is_right(call), len(call.payload)))

    def find(self) -> Cause | None:
        """Return what explains every call, or None; the most specific explanation comes first."""
        calls = self.calls
        if len(calls) < MIN_CALLS or _is_right(calls[0]):
            return None
        if any(call.ending is not None or is_secret(call) or type(_wanted(call)) is Picture for call in calls):
            return None  # an exception has its own explanation, and two right pictures may differ
        return self._state() or self._constant() or self._of_arguments() or self._of_results()

    def _state(self) -> Cause | None:
        """Look for two answers to one call."""
        answers: dict[Any, Any] = {}
        for call in self.student.history.get(self.exercise.name, []):
            first = answers.setdefault(call.key, call.returned)
            if first is not call.returned and not same(call.returned, first):
                one, other = format_value.short(first), format_value.short(call.returned)
                sentence = (
                    f"Your function answers the same call in two ways: first it returned {one}, later {other}. It keeps"
                    " something from one call to the next (a global variable, a default list, a cache), or it draws"
                    " random numbers."
                )
                return Cause("state", sentence=sentence)
        return None

    def _constant(self) -> Cause | None:
        """Look for a function whose answers do not depend on its arguments, or are one of them."""
        first, wanted = self.calls[0].returned, [_wanted(call) for call in self.calls]
        if all(same(call.returned, first) for call in self.calls) and not all(same(each, wanted[0]) for each in wanted):
            shown = format_value.short(first)
            return Cause("constant", value=shown, sentence=f"Your function returns {shown} whatever its arguments are.")
        for name in self.exercise.parameters:
            if all(
                name in (given := _by_name(call, self.student)) and _is_same_value(call.returned, given[name])
                for call in self.calls
            ):
                sentence = f"Your function returns `{name}` as it was passed."
                return Cause("argument", argument=name, value="returned", sentence=sentence)
        return None

    def _of_arguments(self) -> Cause | None:
        if any(call.wanted.seconds > MAX_SECONDS for call in self.calls if isinstance(call.wanted, Returned)):
            return None
        named = [_by_name(call, self.student) for call in self.calls]
        example = named[0]
        for candidate in _argument_changes(example, _fixed_values(named)):
            if self.asked >= MAX_ASKED:
                return None
            if all(self._behaves(call, given, candidate) for call, given in zip(self.calls, named, strict=True)):
                return candidate.cause
        return None

    def _behaves(self, call: Call, given: dict[str, Any], candidate: _Arguments) -> bool:
        """Whether a call came back with what the reference answers for the changed arguments."""
        try:
            changed = candidate.change(dict(given))
        except _Unlike:
            return _is_right(call)
        self.asked += 1
        try:
            asked = Asked.of(
                call.exercise,
                call.driver,
                tuple(changed.values())[: len(call.args)],
                dict(list(changed.items())[len(call.args) :]),
            )
            answer = self.student.reference.answer_once(asked)
        except Unanswerable:
            return False
        return isinstance(answer, Returned) and same(call.returned, answer.value, (call.args, call.kwargs))

    def _of_results(self) -> Cause | None:
        for candidate in _result_changes(self.calls[0]):
            if all(_results_in(call, candidate) for call in self.calls):
                return candidate.cause
        return None


def _wanted(call: Call) -> Any:
    """Return what the reference answers."""
    return call.wanted.value if isinstance(call.wanted, Returned) else None


def _is_right(call: Call) -> bool:
    wanted = call.wanted
    return (
        call.ending is None
        and isinstance(wanted, Returned)
        and same(call.returned, wanted.value, (call.args, call.kwargs))
    )


def _is_same_value(value: Any, other: Any) -> bool:
    try:
        return same(value, other)
    except (TypeError, ValueError, RuntimeError):
        return False


def _by_name(call: Call, student: Student) -> dict[str, Any]:
    """Return the arguments of a call by the names of the parameters, of the exercise or of its driver."""
    names = student.reference.parameters(call.exercise, call.driver)
    given = {names[i] if i < len(names) else f"argument {i + 1}": value for i, value in enumerate(call.args)}
    return given | call.kwargs


def _fixed_values(named: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return by parameter the numbers that may always be used in its place: round ones, and those that were passed."""
    values: dict[str, list[float]] = {}
    for given in named:
        for name, value in given.items():
            if type(value) in (int, float) and len(values.setdefault(name, [0, 1, 2, 0.1, 0.01, 0.5])) < 20:
                values[name] += [value] if value not in values[name] else []
    return values


# ---- Other arguments -------------------------------------------------------------------------------------------------


def _argument_changes(example: Mapping[str, Any], fixed: Mapping[str, Sequence[float]]) -> Iterator[_Arguments]:
    """Yield the changes of arguments, those that a student is likely to make first."""
    for one, other in itertools.combinations(example, 2):
        if _is_kin(example[one], example[other]):
            yield _exchanged(one, other)
    points = [name for name, value in example.items() if _length(value)]
    if len(points) > 1:
        for words, change in _POINTS.items():
            yield _all_of(points, words, change)
    for name, value in example.items():
        changes = _NUMBERS if type(value) in (int, float) else _SEQUENCES if _length(value) else {}
        for words, change in changes.items():
            yield _one(name, words, change)
    for name, values in fixed.items():
        for number in values:
            sentence = f"Your function behaves as if `{name}` were always {number:g}, whatever is passed."
            yield _Arguments(Cause("fixed", name, f"{number:g}", sentence), partial(_put, name, number))


def _put(name: str, number: float, given: dict[str, Any]) -> dict[str, Any]:
    if name not in given:
        raise _Unlike
    return given | {name: type(given[name])(number)}


def _exchanged(one: str, other: str) -> _Arguments:
    def change(given: dict[str, Any]) -> dict[str, Any]:
        if one not in given or other not in given:
            raise _Unlike
        return given | {one: given[other], other: given[one]}

    sentence = f"Your function behaves as if `{one}` and `{other}` were exchanged."
    return _Arguments(Cause("exchanged", f"{one}, {other}", "", sentence), change)


def _one(name: str, words: str, change: Change) -> _Arguments:
    def apply(given: dict[str, Any]) -> dict[str, Any]:
        if name not in given:
            raise _Unlike
        return given | {name: change(given[name])}

    sentence = f"Your function behaves as if {words.format(name=f'`{name}`')}."
    return _Arguments(Cause("argument", name, words.format(name=name), sentence), apply)


def _all_of(names: Sequence[str], words: str, change: Change) -> _Arguments:
    def apply(given: dict[str, Any]) -> dict[str, Any]:
        lengths = {_length(given[name]) for name in names if name in given}
        if len(lengths) != 1:
            raise _Unlike
        return given | {name: change(given[name]) for name in names if name in given}

    listed = " and ".join([", ".join(f"`{name}`" for name in names[:-1]), f"`{names[-1]}`"])
    sentence = f"Your function behaves as if {words.format(name=listed)}."
    return _Arguments(Cause("points", ", ".join(names), words.format(name=", ".join(names)), sentence), apply)


def _is_kin(value: Any, other: Any) -> bool:
    numbers = (int, float)
    if type(value) in numbers and type(other) in numbers:
        return True
    return type(value) is type(other) is Tensor and value.ndim == other.ndim


def _length(value: Any) -> int:
    if isinstance(value, Tensor):
        return value.shape[0] if value.ndim else 0
    return len(value) if isinstance(value, (list, tuple)) else 0


def _changed(value: Any, other: Any) -> Any:
    """Return the other value, which must differ from the first."""
    if isinstance(value, Tensor) and isinstance(other, Tensor):
        is_same = value.shape == other.shape and bool((value == other).all())
    else:
        is_same = value == other
    if is_same:
        raise _Unlike
    return other


def _of_number(function: Callable[[float], float]) -> Change:
    def change(value: Any) -> Any:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise _Unlike
        return _changed(value, type(value)(function(value)))

    return change


def _of_tensor(function: Callable[[Tensor], Tensor], *, min_size: int = 2) -> Change:
    """Return a change of tensors and of lists of numbers along their first dimension."""

    def change(value: Any) -> Any:
        if isinstance(value, Tensor) and value.ndim and value.shape[0] >= min_size:
            return _changed(value, function(value).to(value.dtype))
        if (
            isinstance(value, (list, tuple))
            and len(value) >= min_size
            and all(type(each) in (int, float) for each in value)
        ):
            whole = all(type(each) is int for each in value)
            tensor = torch.tensor(value, dtype=torch.int64 if whole else torch.float64)
            return _changed(value, type(value)(function(tensor).tolist()))
        raise _Unlike

    return change


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(type(each) in (int, float) for each in values)


def _floats(function: Callable[[Tensor], Tensor], *, min_size: int = 1) -> Change:
    def apply(values: Tensor) -> Tensor:
        if not values.is_floating_point():
            raise _Unlike
        return function(values)

    return _of_tensor(apply, min_size=min_size)


_NUMBERS: dict[str, Change] = {
    "{name} had the opposite sign": _of_number(lambda value: -value),
    "{name} were cut to a whole number": _of_number(math.trunc),
    "{name} were rounded to a whole number": _of_number(round),
    "{name} were twice as large": _of_number(lambda value: 2 * value),
    "{name} were half as large": _of_number(lambda value: value / 2 if isinstance(value, float) else value // 2),
    "{name} were larger by 1": _of_number(lambda value: value + 1),
    "{name} were smaller by 1": _of_number(lambda value: value - 1),
    "{name} were its absolute value": _of_number(abs),
    "{name} were its square": _of_number(lambda value: value * value),
}
_POINTS: dict[str, Change] = {
    "the last entry of {name} were missing": _of_tensor(lambda values: values[:-1]),
    "the first entry of {name} were missing": _of_tensor(lambda values: values[1:]),
    "only the first entry of {name} were there": _of_tensor(lambda values: values[:1]),
    "only the last entry of {name} were there": _of_tensor(lambda values: values[-1:]),
    "every second entry of {name} were missing": _of_tensor(lambda values: values[::2]),
    "{name} were cut to whole numbers": _floats(torch.trunc),
    "{name} were rounded to whole numbers": _floats(torch.round),
    "{name} had their mean subtracted": _floats(lambda values: values - values.mean(0)),
    "{name} had the opposite sign": _floats(lambda values: -values),
    "{name} were sorted": _of_tensor(lambda values: values.sort(dim=0).values),
}
_SEQUENCES: dict[str, Change] = {
    "the last entry of {name} were missing": _of_tensor(lambda values: values[:-1]),
    "the first entry of {name} were missing": _of_tensor(lambda values: values[1:]),
    "{name} were reversed": _of_tensor(lambda values: values.flip(0)),
    "{name} were sorted": _of_tensor(lambda values: values.sort(dim=0).values),
    "repeated values of {name} counted once": _of_tensor(lambda values: values.unique(dim=0)),
    "{name} had the opposite sign": _floats(lambda values: -values),
    "{name} were its absolute value": _floats(torch.abs),
    "{name} were squared": _floats(torch.square),
    "{name} were cut to whole numbers": _floats(torch.trunc),
    "{name} were rounded to whole numbers": _floats(torch.round),
    "{name} had its mean subtracted": _floats(lambda values: values - values.mean(0)),
    "{name} were standardised": _floats(
        lambda values: (values - values.mean(0)) / values.std(0, correction=0).clamp_min(1e-12), min_size=2
    ),
    "{name} were all zeros": _floats(torch.zeros_like),
    "{name} were all ones": _floats(torch.ones_like),
    "{name} were moved by one place": _of_tensor(lambda values: values.roll(1, 0)),
    "negative entries of {name} were 0": _floats(torch.relu),
}


# ---- Another result --------------------------------------------------------------------------------------------------


def _results_in(call: Call, candidate: _Result) -> bool:
    assert isinstance(call.wanted, Returned)
    try:
        changed = candidate.change(call.wanted.value, call)
    except _Unlike:
        return _is_right(call)
    return _is_same_value(call.returned, changed)


def _result_changes(first: Call) -> Iterator[_Result]:
    """Yield the changes of a result, of the whole and of each of its parts."""
    assert isinstance(first.wanted, Returned)
    wanted = first.wanted.value
    yield from (_whole(words, change) for words, change in _RESULTS.items())
    yield from (_whole(words, change) for words, change in _factors(first.returned, wanted))
    if isinstance(wanted, dict):
        for key in wanted:
            for words, change in _RESULTS.items():
                yield _part(key, words, change)
            returned = first.returned.get(key) if isinstance(first.returned, dict) else None
            for words, change in _factors(returned, wanted[key]):
                yield _part(key, words, change)


def _whole(words: str, change: Callable[[Any, Call], Any]) -> _Result:
    return _Result(Cause("result", value=words, sentence=f"In every call, your result is {words}."), change)


def _part(key: Any, words: str, change: Callable[[Any, Call], Any]) -> _Result:
    def apply(value: Any, call: Call) -> Any:
        if not isinstance(value, dict) or key not in value:
            raise _Unlike
        return value | {key: change(value[key], call)}

    sentence = f"In every call, everything is right but {key!r}, which is {words}."
    return _Result(Cause("result", str(key), words, sentence), apply)


def _numbers_of(value: Any) -> Tensor:
    """Return a value as a tensor of float64; raises _Unlike for what is not made of numbers."""
    if isinstance(value, Tensor):
        if value.is_complex():
            raise _Unlike
        return value.detach().double()
    if type(value) in (int, float) or isinstance(value, (list, tuple)):
        try:
            return torch.tensor(value, dtype=torch.float64)
        except (TypeError, ValueError, RuntimeError, OverflowError):
            raise _Unlike from None
    raise _Unlike


def _computed(function: Callable[[Tensor], Tensor]) -> Callable[[Any, Call], Any]:
    def change(value: Any, _: Call) -> Any:
        numbers = _numbers_of(value)
        changed = function(numbers)
        if isinstance(value, Tensor):
            return _changed(numbers, changed)
        return _changed(value, changed.tolist() if not isinstance(value, tuple) else tuple(changed.tolist()))

    return change


def _times(factor: Callable[[int], float]) -> Callable[[Any, Call], Any]:
    """Return the change that multiplies by a function of N, the length of the first tensor or list of the call."""

    def change(value: Any, call: Call) -> Any:
        size = next((length for each in call.args if (length := _length(each))), 0)
        if not size or (size == 1 and factor(2) != factor(3)):
            raise _Unlike
        return _computed(lambda numbers: numbers * factor(size))(value, call)

    return change


def _factors(returned: Any, wanted: Any) -> Iterator[tuple[str, Callable[[Any, Call], Any]]]:
    """Yield what the first wrong answer suggests: a constant factor, or a constant offset."""
    try:
        mine, right = _numbers_of(returned), _numbers_of(wanted)
    except _Unlike:
        return
    if mine.shape != right.shape or not right.numel() or not bool((mine.isfinite() & right.isfinite()).all()):
        return
    place = int(right.abs().argmax())
    if right.flatten()[place] != 0:
        ratio = float(mine.flatten()[place] / right.flatten()[place])
        if 1e-6 < abs(ratio) < 1e6:
            yield f"{_short(ratio)} times the expected one", _computed(partial(torch.mul, other=ratio))
    offset = float(mine.flatten()[place] - right.flatten()[place])
    yield (
        f"the expected one {'plus' if offset > 0 else 'minus'} {_short(abs(offset))}",
        _computed(partial(torch.add, other=offset)),
    )


def _short(number: float) -> str:
    return f"{number:.4g}"


def _matrix(function: Callable[[Tensor], Tensor]) -> Callable[[Any, Call], Any]:
    def apply(values: Tensor) -> Tensor:
        if values.ndim != 2:
            raise _Unlike
        return function(values)

    return _computed(apply)


def _vector(function: Callable[[Tensor], Tensor]) -> Callable[[Any, Call], Any]:
    def apply(values: Tensor) -> Tensor:
        if not values.ndim:
            raise _Unlike
        return function(values)

    return _computed(apply)


_RESULTS: dict[str, Callable[[Any, Call], Any]] = {
    "the expected one with the opposite sign": _computed(torch.neg),
    "twice the expected one": _computed(lambda values: 2 * values),
    "half the expected one": _computed(lambda values: values / 2),
    "the expected one times N, the number of points": _times(lambda size: size),
    "the expected one divided by N, the number of points": _times(lambda size: 1 / size),
    "the expected one times N / (N - 1), where N is the number of points": _times(
        lambda size: size / (size - 1) if size > 1 else math.nan
    ),
    "the expected one times (N - 1) / N, where N is the number of points": _times(lambda size: (size - 1) / size),
    "twice the expected one, times N, the number of points": _times(lambda size: 2 * size),
    "the square of the expected one": _computed(torch.square),
    "the square root of the expected one": _computed(torch.sqrt),
    "the absolute value of the expected one": _computed(torch.abs),
    "the reciprocal of the expected one": _computed(torch.reciprocal),
    "the expected one transposed": _matrix(lambda values: values.T),
    "the expected one in reverse order": _vector(lambda values: values.flip(0)),
    "the expected one, sorted": _vector(lambda values: values.sort(dim=0).values),
    "the expected one without its first entry": _vector(lambda values: values[1:]),
    "the expected one without its last entry": _vector(lambda values: values[:-1]),
    "the last entry of the expected one": _vector(lambda values: values[-1] if len(values) else values),
    "the first entry of the expected one": _vector(lambda values: values[0] if len(values) else values),
    "the expected one, moved by one place": _vector(lambda values: values.roll(1, 0)),
    "the running sum of the expected one": _vector(lambda values: values.cumsum(0)),
    "the expected one cut to whole numbers": _computed(torch.trunc),
    **{
        f"the expected one rounded to {digits} decimals"
        if digits
        else "the expected one rounded to whole numbers": _computed(partial(torch.round, decimals=digits))
        for digits in (0, 1, 2, 3, 4)
    },
}
