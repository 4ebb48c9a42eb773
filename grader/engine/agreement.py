"""Whether two values are the same behaviour: equal up to float32, in whatever kind of container."""

import math
from typing import Any

from torch import Tensor

from grader.authoring import CheckFailed, as_tensor
from grader.engine.reference import few_numbers, largest_float
from grader.feedback.coercion import coerce
from grader.sandbox import arrays
from grader.sandbox.figure import Picture

SAME = 1e-4
"""Two answers are the same behaviour if they differ by less than this part of their scale: float32 rounds."""
TINY = 1e-7
"""What float32 leaves of a zero."""
NOISE = 2e-6
"""What float32 leaves of a zero, as a part of the call's largest number: 0.1 + 0.2 - 0.3 differs by the style."""


def is_finite(value: Any) -> bool:
    """Whether a value holds neither nan nor an infinity."""
    if isinstance(value, Tensor):
        if not value.is_floating_point():
            return True
        few = few_numbers(value)
        return all(map(math.isfinite, few)) if few is not None else bool(value.isfinite().all())
    if isinstance(value, (list, tuple)):
        return all(map(is_finite, value))
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    return not isinstance(value, float) or math.isfinite(value)


def same(returned: Any, wanted: Any, size: float = 0.0) -> bool:
    """Whether two answers to a call are the same behaviour: equal up to float32, in whatever kind of container.

    ``size`` is that of the arguments (`Asked.size`): what float32 leaves of a zero grows with the numbers that cancel.
    """
    try:
        value, wanted = arrays.tensors_of(coerce(returned, wanted)), arrays.tensors_of(wanted)
    except CheckFailed:
        return False
    return close(value, wanted, max(TINY, NOISE * largest_float(wanted), NOISE * size))


def close(value: Any, wanted: Any, floor: float = TINY) -> bool:
    """Whether the numbers of two values of one structure differ by little, and all else is equal.

    ``floor`` is what any two numbers may differ by.
    """
    if type(wanted) is Tensor and not (wanted.is_floating_point() or wanted.is_complex()):
        return bool((value == wanted).all())
    numbers = as_tensors(value, wanted)
    if numbers is not None:
        return _close_numbers(*numbers, floor)
    if type(wanted) in (list, tuple):
        return all(close(item, like, floor) for item, like in zip(value, wanted, strict=True))
    if type(wanted) is dict:
        return all(close(value[key], item, floor) for key, item in wanted.items())
    if type(wanted) is Picture:
        return _same_picture(value, wanted)
    return bool(value == wanted)


def _close_numbers(actual: Tensor, expected: Tensor, floor: float) -> bool:
    allowed = SAME * largest_float(expected) + floor
    few, wanted = few_numbers(actual), few_numbers(expected)
    if few is not None and wanted is not None:
        pairs = zip(few, wanted, strict=True)
        return all(a == b or abs(a - b) <= allowed or (a != a and b != b) for a, b in pairs)  # noqa: PLR0124  nan
    is_close = (actual == expected) | ((actual - expected).abs() <= allowed)
    return bool((is_close | (actual.isnan() & expected.isnan())).all())


def _same_picture(returned: Picture, wanted: Picture) -> bool:
    if len(returned.axes) != len(wanted.axes) or returned.shown != wanted.shown:
        return False
    for mine, other in zip(returned.axes, wanted.axes, strict=True):
        if (mine.xlabel, mine.ylabel) != (other.xlabel, other.ylabel):
            return False
        if len(mine.curves) != len(other.curves) or [mesh.kind for mesh in mine.meshes] != [
            m.kind for m in other.meshes
        ]:
            return False
        pairs = [(a.xs, b.xs) for a, b in zip(mine.curves, other.curves, strict=True)]
        pairs += [(a.ys, b.ys) for a, b in zip(mine.curves, other.curves, strict=True)]
        pairs += [(a.values, b.values) for a, b in zip(mine.meshes, other.meshes, strict=True)]
        if not all(a.shape == b.shape and close(a, b) for a, b in pairs):
            return False
    return True


def as_tensors(returned: Any, wanted: Any) -> tuple[Tensor, Tensor] | None:
    """Return two values of one structure as tensors, or None if that is not a matter of numbers."""
    if type(wanted) is Tensor:
        return returned.detach(), wanted.detach()
    if type(wanted) not in (float, list, tuple):
        return None
    try:
        return as_tensor(returned), as_tensor(wanted)
    except (TypeError, ValueError, RuntimeError):
        return None
