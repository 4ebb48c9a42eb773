"""Which call of an exercise to draw, and what to say about it: the call that shows best what the verdict says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from grader.engine.reference import Returned
from grader.engine.student import Call
from grader.feedback import describe, plot
from grader.sandbox.figure import Picture
from grader.text import clean
from grader.verdict import ExerciseVerdict, Status


@dataclass(frozen=True)
class Drawing:
    """A call to show."""

    sentence: str
    """The mistake or the cause that the verdict names, or what else fails; empty if nothing is known."""
    is_wrong: bool
    """Whether the call gave a wrong answer."""
    call: Call | None = None
    """None if no call can be shown."""
    comparison: plot.Comparison | None = None
    """None if words say more than a picture."""


def drawing_of(title: str, history: Sequence[Call], verdict: ExerciseVerdict) -> Drawing:
    """Return the call that shows best what is wrong or, if all values are right, the largest one."""
    calls = [call for call in history if isinstance(call.wanted, Returned) and not call.is_secret]
    wrong = [call for call in calls if not call.is_right]
    sentence = clean(_sentence(verdict, is_wrong=bool(wrong)))
    drawn = list(_drawn(title, wrong or calls))
    if drawn:
        comparison, call = min(drawn, key=lambda each: (_shows_wrong if wrong else _shows_right)(*each))
        return Drawing(sentence, bool(wrong), call, replace(comparison, sentence=sentence))
    told = [call for call in wrong or calls if call.ending is None and not isinstance(expected(call), Picture)]
    return Drawing(sentence, bool(wrong), min(told, key=lambda call: len(call.payload), default=None))


def expected(call: Call) -> Any:
    """Return what the reference returns."""
    assert isinstance(call.wanted, Returned)
    return call.wanted.value


def _sentence(verdict: ExerciseVerdict, *, is_wrong: bool) -> str:
    failure = verdict.first_failure
    if failure is None or failure.status is Status.TODO:
        return ""
    if failure.mistake or failure.cause:
        return failure.explanation
    return "" if is_wrong else f"The values are right; what fails is something else: {describe.summary(failure)}"


def _drawn(title: str, calls: Sequence[Call]) -> Iterator[tuple[plot.Comparison, Call]]:
    """Yield the pictures of the calls that can be drawn."""
    for call in calls:
        missing = clean(call.ending.message) if call.ending is not None else ""
        comparison = plot.compare(title, expected(call), call.returned, missing)
        if comparison is not None and not comparison.is_small:
            yield comparison, call


def _shows_wrong(comparison: plot.Comparison, call: Call) -> tuple[int, ...]:
    """Return a sort key: the smallest call in whose picture the difference is visible comes first."""
    size = comparison.target.numel(), len(call.payload)
    return comparison.yours is None, not comparison.is_visible, not _is_ordered(comparison, call), *size


def _shows_right(comparison: plot.Comparison, call: Call) -> tuple[int, ...]:
    """Return a sort key: the largest picture comes first."""
    return not _is_ordered(comparison, call), -comparison.target.numel()


def _is_ordered(comparison: plot.Comparison, call: Call) -> bool:
    """Whether the arguments along the axes increase: a grid over unsorted numbers shows no landscape."""
    axes = () if comparison.is_path else tuple(comparison.target.shape)
    along = [each for each in call.args if isinstance(each, Tensor) and each.ndim == 1 and len(each) in axes]
    return all(bool((each.diff() > 0).all()) for each in along)
