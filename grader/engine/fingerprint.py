"""A fingerprint of how a student's function behaves: functions that answer alike share it.

It covers the answers to the first call of every check, which is the same call for every submission. Numbers are rounded
to a thousandth of the expected values' scale, so that float32 and a different summation order change nothing.
"""

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

from torch import Tensor

from grader.engine.reference import Returned
from grader.engine.student import Call

STEP = 1e-3
_OFFSET = 0.377
"""Shifts the rounding steps, so that numbers with few digits, which are common, are not on the edge of one."""
MAX_NUMBERS = 2000
MAX_WORDS = 5000
"""Both per answer: the first ones identify a longer one."""


def name_of(calls: Sequence[Call]) -> str:
    """Return the fingerprint of a behaviour, or an empty string if there are no calls."""
    if not calls:
        return ""
    words = hashlib.sha256()
    for call in calls:
        words.update(f"{call.driver} {_answer(call)}\n".encode(errors="backslashreplace"))
    return words.hexdigest()[:16]


def _answer(call: Call) -> str:
    if call.ending is not None:
        # Addresses and numbers in a message may differ for the same error.
        return f"{call.ending.status} {re.sub(r'[0-9]+', '', call.ending.message)[:100]}"
    wanted = call.wanted.value if isinstance(call.wanted, Returned) else None
    sizes = [abs(number) for number in _numbers(wanted) if math.isfinite(number)]
    step = STEP * max([*sizes[:MAX_NUMBERS], STEP])
    return " ".join(islice(_words(call.returned, step), MAX_WORDS))


def _words(value: Any, step: float) -> Iterator[str]:
    if type(value) is Tensor:
        yield str(tuple(value.shape))
        yield from (_rounded(number, step) for number in _numbers(value))
    elif type(value) in (bool, int, float, complex):
        yield from (_rounded(number, step) for number in _numbers(value))
    elif type(value) in (list, tuple):
        # A list and a tuple of the same items are the same answer.
        yield f"({len(value)}"
        for item in value:
            yield from _words(item, step)
    elif type(value) is dict:
        for key, item in value.items():
            yield str(key)
            yield from _words(item, step)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _words(getattr(value, part.name), step)
    elif type(value) is bytes:
        yield f"{len(value)} bytes"
    else:
        yield str(value)[:200]


def _rounded(number: float, step: float) -> str:
    return str(math.floor(number / step + _OFFSET)) if math.isfinite(number / step) else str(number)


def _numbers(value: Any) -> list[float]:
    """Return the numbers in a value, a complex number as two."""
    if type(value) is Tensor:
        flat = value.detach().flatten()[:MAX_NUMBERS]
        return [part for number in flat.tolist() for part in _numbers(number)]
    if type(value) is complex:
        return [value.real, value.imag]
    if type(value) in (bool, int, float):
        try:
            return [float(value)]
        except OverflowError:
            return [math.inf]
    if type(value) in (list, tuple):
        return [number for item in value for number in _numbers(item)]
    return []
