"""What the locals of a function were from pass to pass, read from a record that a student's code may have forged.

A record decides no points: it is data for a sentence. One that is not as `Recorder` makes it is not a trace.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from grader.sandbox import arrays, wire
from grader.sandbox.outline import Loop
from grader.sandbox.recorder import END, MAX_DEPTH, MAX_MOMENTS, MAX_NAME, MAX_NAMES, MAX_NUMBERS, MAX_VALUE

MAX_SLOTS = 256
"""Numbers that are followed: a name has many if it holds a tensor or a list."""

MAX_INT = 2**53
"""Every int up to this size is a float, too."""

History = list[tuple[int, float]]
"""The values of a number one after the other, each with the moment at which it was first seen."""


@dataclass(frozen=True)
class Moment:
    """The numbers that the locals hold when a loop begins another pass, or when the function ends."""

    loop: int
    """The number of the loop, or `END`."""
    numbers: dict[str, float]
    """By slot, which is a name, or a part of what it holds: `w`, `theta[0]`, `step["loss"]`."""
    new: tuple[str, ...]
    """The slots of names that have changed, in the order in which they were assigned."""


@dataclass(frozen=True)
class Trace:
    """What was recorded of a call."""

    moments: tuple[Moment, ...]
    loops: tuple[Loop, ...]
    is_cut: bool
    """Whether there was more to record."""

    @cached_property
    def histories(self) -> dict[str, History]:
        """The values of every slot, the first MAX_SLOTS of them; not the last one if others before it are missing."""
        histories: dict[str, History] = {}
        for index, moment in enumerate(self.moments):
            if self.is_cut and moment.loop == END:
                break
            for slot in moment.new:
                if slot not in histories and len(histories) >= MAX_SLOTS:
                    continue
                history, number = histories.setdefault(slot, []), moment.numbers[slot]
                if not history or not is_equal(history[-1][1], number):
                    history.append((index, number))
        return histories

    @cached_property
    def final(self) -> dict[str, float]:
        """The numbers at the end of the function; none if the record does not reach it."""
        return self.moments[-1].numbers if self.moments and self.moments[-1].loop == END else {}

    def place(self, index: int) -> str:
        """Return where a moment is, in words; the first letter is a capital."""
        moment = self.moments[index]
        if moment.loop == END:
            return "When your function ends"
        loop = self.loops[moment.loop]
        passes = self.passes(index, moment.loop)
        done = f"after pass {passes}" if passes else "before the first pass"
        words = f"{done} of the loop in line {loop.line}"
        while loop.outer >= 0:
            # The head of a loop is met once more than passes are done: in the k-th pass, k times.
            number, loop = self.passes(index, loop.outer) + 1, self.loops[loop.outer]
            words = f"in pass {number} of the loop in line {loop.line}, {words}"
        return words[:1].upper() + words[1:]

    def brief(self, index: int) -> str:
        """Return where a moment is in a few words, which a table has room for."""
        loop = self.moments[index].loop
        if loop == END:
            return "at the end"
        passes = self.passes(index, loop)
        outer = reversed([f"pass {self.passes(index, each) + 1}" for each in self._around(loop)])
        return ", ".join([*outer, f"after pass {passes}" if passes else "before pass 1"])

    def passes(self, index: int, loop: int) -> int:
        """Return how many passes of a loop are done at a moment, since the loop was last entered."""
        outer = set(self._around(loop))
        count = 0
        for moment in self.moments[: index + 1]:
            count = 0 if moment.loop in outer else count + (moment.loop == loop)
        return max(0, count - 1)

    def _around(self, loop: int) -> Iterator[int]:
        while (loop := self.loops[loop].outer) >= 0:
            yield loop


def is_equal(one: float, other: float) -> bool:
    """Whether two numbers are equal, or both nan."""
    return one == other or (math.isnan(one) and math.isnan(other))


def read(record: Any, loops: Sequence[Loop]) -> Trace | None:
    """Return what a record says, or None if it is not one."""
    try:
        is_cut, moments = record
        if type(is_cut) is not bool or type(moments) is not list or len(moments) > MAX_MOMENTS + 1:
            return None
        return Trace(tuple(_moments(moments, len(loops))), tuple(loops), is_cut)
    except (TypeError, ValueError, OverflowError, RuntimeError, wire.WireError):
        return None


def _moments(moments: list[Any], loops: int) -> Iterator[Moment]:
    held: dict[str, dict[str, float]] = {}
    for loop, new in moments:
        if type(loop) is not int or not END <= loop < loops or type(new) is not list or len(new) > MAX_NAMES:
            raise ValueError
        for name, document in new:
            if type(name) is not str or not name.isidentifier() or len(name) > MAX_NAME:
                raise ValueError
            if type(document) is not bytes or len(document) > MAX_VALUE:
                raise ValueError
            held[name] = dict(numbers_of(arrays.tensors_of(wire.decode(document)), name)) if document else {}
        if len(held) > MAX_NAMES:
            raise ValueError
        numbers = {slot: number for slots in held.values() for slot, number in slots.items()}
        yield Moment(loop, numbers, tuple(slot for name, _ in new for slot in held[name]))


def numbers_of(value: Any, slot: str = "", most: int = MAX_NUMBERS) -> Iterator[tuple[str, float]]:
    """Yield the first numbers in a value, each with its slot."""
    left = most
    waiting: list[tuple[str, Any, int]] = [(slot, value, 0)]
    while waiting and left > 0:
        slot, value, depth = waiting.pop()
        if type(value) is Tensor:
            if value.is_complex() or value.numel() > most:
                continue
            value = value.item() if value.numel() == 1 else value.tolist()
        if type(value) is float or (type(value) is int and abs(value) <= MAX_INT):
            left -= 1
            yield slot, value
        elif depth < MAX_DEPTH and type(value) in (list, tuple):
            waiting += [(f"{slot}[{i}]", part, depth + 1) for i, part in enumerate(value[:left])][::-1]
        elif depth < MAX_DEPTH and type(value) is dict:
            keys = [key for key in value if type(key) is str and key.isidentifier() and len(key) <= MAX_NAME]
            waiting += [(f'{slot}["{key}"]', value[key], depth + 1) for key in keys[:left]][::-1]
