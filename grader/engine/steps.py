"""The first step of a loop that differs: the student's locals beside those of the solution, in one call.

Two loops need not be alike, so it is not the passes that are compared but the values that a variable takes one after
the other. That two variables stand for the same quantity is believed only where one result is the last value of both,
or where both have already taken the same values. What differs is told by the student's name for it, and of the
solution's values only the one that comes next.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from grader.course.solution import Exercise
from grader.course.submission import Source
from grader.engine.agreement import NOISE, SAME, TINY, same
from grader.engine.reference import Returned
from grader.engine.student import Call, Student
from grader.engine.trace import History, Trace, is_equal, numbers_of, read
from grader.engine.worker_session import Runner
from grader.feedback import format_value
from grader.sandbox import outline
from grader.sandbox.figure import Picture
from grader.sandbox.outline import Loop
from grader.text import listed
from grader.verdict import Cause, LoopNumber, LoopStep, Status

MAX_RESULTS = 200
"""Numbers of a result that are compared with the last values of variables."""
MIN_COMMON = 2
"""Values that two variables must have had in common, one after the other, to be taken for the same quantity."""
MAX_ROWS = 6
MAX_COLUMNS = 4
"""Rows and columns of the table of steps."""
MAX_RIGHT = 3
"""Variables that a sentence says are right."""


@dataclass(frozen=True)
class _Pair:
    """A number of the student's, and one of the solution's that stands for the same quantity."""

    slot: str
    mine: History
    other: History
    common: int
    """How many values they have in common at the beginning."""
    is_result: bool
    """Whether its last value is a part of the result."""
    is_right: bool = False
    """Whether that part is right: then it does not matter how it came about."""

    @property
    def is_certain(self) -> bool:
        """Whether they are known to be the same quantity."""
        return self.common >= (1 if self.is_result else MIN_COMMON)

    @property
    def differs(self) -> bool:
        """Whether both take a next value, and it is not the same."""
        return not self.is_right and self.common < min(len(self.mine), len(self.other))


@dataclass(frozen=True)
class Alignment:
    """Two traces of one call that gives the wrong result, and both results."""

    mine: Trace
    other: Trace
    returned: Any
    wanted: Any

    def sentence(self) -> tuple[str, str, str]:
        """Return the slot that differs first, where, and a sentence; empty texts if nothing is certain."""
        if pair := self._first:
            place = self.mine.place(pair.mine[pair.common][0])
            return pair.slot, place, f"{place}, {self._difference(pair)}{self._still_right(pair)}"
        results = [pair for pair in self._pairs if pair.is_result and not pair.is_right]
        ended = [pair for pair in results if self._ends_otherwise(pair)]
        if ended and not (self.mine.is_cut or self.other.is_cut):
            pair = min(ended, key=self._order)
            place = self.mine.place(pair.mine[min(pair.common, len(pair.mine) - 1)][0])
            return pair.slot, place, self._end(pair, place)
        return "", "", ""

    def table(self) -> tuple[LoopStep, ...]:
        """Return the last moments of the student's loop up to the one at which a number first differs.

        The columns are what differs there and what is certainly right there; of the solution's numbers, only those at
        that moment are in it that the sentence tells, because the others are the student's.
        """
        first = self._first
        if first is None:
            return ()
        end = first.mine[first.common][0]
        same_time = [pair for pair in self._wrong if self._order(pair)[0] == end and pair.slot != first.slot]
        right = [pair for pair in self._pairs if self._is_right_at(pair, first)]
        columns = [first, *same_time, *sorted(right, key=lambda pair: "[" in pair.slot)][:MAX_COLUMNS]
        moments = sorted({index for pair in columns for index, _ in pair.mine if index <= end})
        return tuple(
            LoopStep(self.mine.brief(index), tuple(_number(pair, index) for pair in columns))
            for index in moments[-MAX_ROWS:]
        )

    @cached_property
    def _first(self) -> _Pair | None:
        """What differs first."""
        return min(self._wrong, key=self._order, default=None)

    @cached_property
    def _wrong(self) -> list[_Pair]:
        """What differs and matters: it becomes a wrong result, or differs no sooner than what does."""
        wrong = [pair for pair in self._pairs if pair.differs and not self._is_another_view(pair)]
        results = [pair for pair in wrong if pair.is_result]
        if not results:
            return wrong
        first = min(self._order(pair)[0] for pair in results)
        return [pair for pair in wrong if pair.is_result or self._order(pair)[0] == first]

    @cached_property
    def _floors(self) -> list[float]:
        """What rounding leaves of a zero, at each moment of the solution: it grows with the numbers until then."""
        floors, largest = [], 0.0
        for moment in self.other.moments:
            sizes = [abs(moment.numbers[slot]) for slot in moment.new]
            largest = max(largest, *filter(math.isfinite, sizes), 0.0)
            floors.append(max(TINY, NOISE * largest))
        return floors

    def _is_close(self, mine: float, other: float, moment: int = -1) -> bool:
        """Whether two numbers are equal up to rounding, at a moment of the solution."""
        if not (math.isfinite(mine) and math.isfinite(other)):
            return is_equal(mine, other)
        return abs(mine - other) <= SAME * abs(other) + self._floors[moment]

    def _common(self, mine: History, other: History) -> int:
        pairs = enumerate(zip(mine, other, strict=False))
        return next((i for i, (a, b) in pairs if not self._is_close(a[1], b[1], b[0])), min(len(mine), len(other)))

    @cached_property
    def _others(self) -> dict[str, History]:
        """The numbers of the solution that change; counters tell nothing."""
        return {
            slot: history
            for slot, history in self.other.histories.items()
            if len(history) > 1 and any(type(number) is float for _, number in history)
        }

    @cached_property
    def _changing(self) -> frozenset[str]:
        """The student's numbers that change."""
        return frozenset(slot for slot, history in self.mine.histories.items() if len(history) > 1)

    @cached_property
    def _pairs(self) -> list[_Pair]:
        """What certainly belongs together; each of the student's numbers at most once."""
        pairs: dict[str, _Pair] = {}
        if not self._others:
            return []
        for pair in (*self._of_results(), *self._of_values()):
            pairs.setdefault(pair.slot, pair)
        return [pair for pair in pairs.values() if pair.is_certain and not self._fits_better(pair)]

    def _pair(self, slot: str, other: str, *, is_result: bool = False, is_right: bool = False) -> _Pair:
        mine, history = self.mine.histories[slot], self._others[other]
        return _Pair(slot, mine, history, self._common(mine, history), is_result, is_right)

    def _of_results(self) -> Iterator[_Pair]:
        """Yield the student's numbers that end as a part of the result, with the solution's that end as the same."""
        returned = dict(numbers_of(self.returned, most=MAX_RESULTS))
        for part, wanted in numbers_of(self.wanted, most=MAX_RESULTS):
            if part not in returned:
                continue
            pair = partial(self._pair, is_result=True, is_right=self._is_close(returned[part], wanted))
            others = [slot for slot in self._others if self._ends_as(self.other, slot, wanted)]
            ending = [slot for slot in self.mine.histories if self._ends_as(self.mine, slot, returned[part])]
            renamed = _named_as(part, [slot for slot in ending if slot in self._changing and slot not in self._others])
            for slot in [slot for slot in ending if slot in others] or [renamed] * bool(renamed):
                pairs = {other: pair(slot, other) for other in others if other == slot or other not in self._changing}
                most = max((each.common for each in pairs.values()), default=0)
                best = [other for other, each in pairs.items() if each.common == most]
                if chosen := slot if slot in best else _named_as(part, best):
                    yield pairs[chosen]

    def _ends_as(self, trace: Trace, slot: str, number: float) -> bool:
        return slot in trace.histories and slot in trace.final and self._is_close(trace.final[slot], number)

    def _of_values(self) -> Iterator[_Pair]:
        """Yield the numbers with equal names, and those of other names that have had telling values in common."""
        renamed: dict[str, list[str]] = {}
        taken: dict[str, list[str]] = {}
        for slot, mine in self.mine.histories.items():
            if slot in self._others:
                yield self._pair(slot, slot)
                continue
            for other, history in self._others.items():
                common = self._common(mine, history)
                if other not in self._changing and _are_telling(mine[:common]):
                    renamed.setdefault(slot, []).append(other)
                    taken.setdefault(other, []).append(slot)
        for slot, others in renamed.items():
            if len(others) == 1 and len(taken[others[0]]) == 1:
                yield self._pair(slot, others[0])

    def _fits_better(self, pair: _Pair) -> bool:
        """Whether the student's number has more values in common with another one of the solution."""
        return any(self._common(pair.mine, other) > pair.common for other in self._others.values())

    def _is_another_view(self, pair: _Pair) -> bool:
        """Whether one only shows more of the values in between than the other: after each batch, or each epoch."""
        moment = pair.other[pair.common][0]

        def occur(numbers: History, among: History) -> bool:
            rest = iter(among)
            return all(any(self._is_close(each, number, moment) for _, each in rest) for _, number in numbers)

        mine, other = pair.mine[pair.common :], pair.other[pair.common :]
        return occur(mine[:2], other) or occur(other[:2], mine)

    def _order(self, pair: _Pair) -> tuple[int, int]:
        """Return when a number first differs: the moment, and its place among what was assigned before it."""
        index = pair.mine[min(pair.common, len(pair.mine) - 1)][0]
        return index, self.mine.moments[index].new.index(pair.slot)

    def _difference(self, pair: _Pair) -> str:
        index = pair.common
        mine, (moment, other) = pair.mine[index][1], pair.other[index]
        shown, expected = _shown(mine, other)
        text = f"your `{pair.slot}` is {shown}, expected {expected}"
        before = pair.mine[index - 1][1]
        moves = pair.is_result and abs(other - before) > 10 * (
            SAME * max(abs(other), abs(before)) + self._floors[moment]
        )
        if moves and (words := _ratio((mine - before) / (other - before))):
            text += f": from {_shown(before, other)[0]} it has moved {words}"
        return f"{text}. Up to there it was right." if index >= MIN_COMMON else f"{text}."

    def _still_right(self, wrong: _Pair) -> str:
        """Say which other variables are right at the moment at which one first differs."""
        right = [f"`{each.slot}`" for each in self._pairs if "[" not in each.slot and self._is_right_at(each, wrong)]
        if not right or wrong.slot.partition("[")[0] in right:
            return ""
        right = right[:MAX_RIGHT]
        return f" {listed(right)} {'is' if len(right) == 1 else 'are'} right at that point."

    @staticmethod
    def _is_right_at(pair: _Pair, wrong: _Pair) -> bool:
        """Whether a number has changed, and is right, at the moment at which another one first differs."""
        here, there = _at(pair.mine, wrong.mine[wrong.common][0]), _at(pair.other, wrong.other[wrong.common][0])
        return 1 <= here < pair.common and here == there

    def _ends_otherwise(self, pair: _Pair) -> bool:
        """Whether one of two that agree takes further values, which the other has not."""
        shorter, longer = sorted((pair.mine, pair.other), key=len)
        return pair.common == len(shorter) < len(longer) and not any(
            self._is_close(number, shorter[-1][1]) for _, number in (longer[pair.common], longer[-1])
        )

    def _end(self, pair: _Pair, place: str) -> str:
        last = pair.common - 1
        if len(pair.mine) < len(pair.other):
            shown, expected = _shown(pair.mine[last][1], pair.other[last + 1][1])
            done = "never changes: it stays" if last == 0 else "takes the right values, but ends too early:"
            rest = f"at {shown}" if last == 0 else f"it stays at {shown}"
            return f"Your `{pair.slot}` {done} {rest}, and the next expected value is {expected}."
        shown, expected = _shown(pair.mine[last + 1][1], pair.mine[last][1])
        return (
            f"{place}, your `{pair.slot}` changes once more, to {shown}: with {expected} it had its last right value."
        )


def _named_as(part: str, slots: Sequence[str]) -> str:
    """Return the only slot, or the only one with the name of a part of the result, or the only plain name."""
    for fits in (lambda _: True, lambda slot: part == f'["{slot}"]', str.isidentifier):
        if len(fitting := list(filter(fits, slots))) == 1:
            return fitting[0]
    return ""


def _number(pair: _Pair, moment: int) -> LoopNumber:
    """Return a number of the student's at a moment, which is not after the first wrong one."""
    index = _at(pair.mine, moment)
    if index < 0:
        return LoopNumber(pair.slot, "", "", is_wrong=False)
    mine, other = pair.mine[index][1], pair.other[index][1]
    if index < pair.common:
        return LoopNumber(pair.slot, f"{mine:.6g}", f"{mine:.6g}", is_wrong=False)
    return LoopNumber(pair.slot, *_shown(mine, other), is_wrong=True)


def _at(history: History, moment: int) -> int:
    """Return which value of a history is the one at a moment."""
    return sum(index <= moment for index, _ in history) - 1


def _are_telling(history: History) -> bool:
    """Whether values are not met by chance, as 0 and 1 are."""
    telling = {number for _, number in history if type(number) is float and math.isfinite(number)}
    return sum(number != round(number) for number in telling) >= MIN_COMMON


def _shown(mine: float, other: float) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to see that they differ."""
    for digits in (4, 6, 9, 12, 17):
        texts = f"{mine:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _ratio(ratio: float) -> str:
    """Return how far something has moved in words, if a short number says it."""
    short = float(f"{abs(ratio):.2g}")
    if not math.isfinite(ratio) or abs(abs(ratio) - short) > 10 * SAME * short:
        return ""
    far = {1: "as far", 2: "twice as far", 0.5: "half as far"}.get(short, f"{short:g} times as far")
    return f"{far} as expected{', in the opposite direction' if ratio < 0 else ''}"


def find(student: Student, exercise: Exercise, call: Call) -> Cause | None:
    """Return where the loop of a student's function first differs from the solution's in a call, if that is certain.

    The call is made once more by each of them, the student's in a worker of its own: whatever happens there, the worker
    that gives the points has not seen it.
    """
    if call.driver is not None or call.must_raise is not None or call.is_secret or call.is_right:
        return None
    if not isinstance(call.wanted, Returned) or type(call.wanted.value) is Picture:
        return None
    if call.ending is not None and call.ending.status is not Status.RAISED:
        return None
    source = student.runner.source
    solution = student.lesson.solution_module.source.encode()
    if not isinstance(source, Source) or not (others := _loops(solution, exercise.name)):
        return None
    if not (loops := _loops(source.content, exercise.name)):
        return _in_result(call)
    answer = _traced(student, source, call, loops)
    mine = read(answer.get("trace"), loops)
    if mine is None or not _is_alike(answer, call, student):
        return None
    if call.ending is not None:
        return _raised(mine, call)
    other = read(student.reference.trace(call, _heads(others)), others)
    if other is not None:
        alignment = Alignment(mine, other, call.returned, call.wanted.value)
        slot, place, sentence = alignment.sentence()
        if sentence:
            return Cause("step", slot, place, sentence, alignment.table())
    return _in_result(call)


def _loops(source: bytes, name: str) -> list[Loop]:
    try:
        return outline.loops_of(outline.parse(source, ""), name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _heads(loops: Sequence[Loop]) -> list[list[int]]:
    return [[loop.line, loop.head] for loop in loops]


def _traced(student: Student, source: Source, call: Call, loops: Sequence[Loop]) -> dict[str, Any]:
    """Return what a new worker answers to the call, with the trace."""
    assert isinstance(call.wanted, Returned)
    runner = Runner(student.lesson, source, student.runner.zygote, student.runner.limits)
    try:
        return runner.trace(call.key, _heads(loops), call.wanted.seconds) or {}
    finally:
        runner.close()


def _is_alike(answer: dict[str, Any], call: Call, student: Student) -> bool:
    """Whether the call ended as it did the first time: otherwise the trace tells about another one."""
    if call.ending is None:
        return answer.get("end") == "returned" and answer.get("value") == call.value
    if answer.get("end") != "raised" or call.ending.status is not Status.RAISED:
        return False
    return student.runner.ending(answer).frames == call.ending.frames


def _raised(trace: Trace, call: Call) -> Cause | None:
    """Say in which pass an exception came, unless it was the first one of all, and which numbers are not finite."""
    assert call.ending is not None
    lines = [frame.line for frame in call.ending.frames if frame.function == call.exercise]
    inside = [number for number, loop in enumerate(trace.loops) if lines and loop.head < lines[-1] <= loop.last]
    if not inside or not trace.final or trace.is_cut:
        return None
    number = max(inside, key=lambda each: trace.loops[each].line)
    end = len(trace.moments) - 1
    words, loop = [], number
    passes = []
    while loop >= 0:
        passes.append(trace.passes(end, loop) + 1)
        words.append(f"in pass {passes[-1]} of the loop in line {trace.loops[loop].line}")
        loop = trace.loops[loop].outer
    broken = [f"`{slot}` is {value:g}" for slot, value in trace.final.items() if not math.isfinite(value)]
    if max(passes) == 1 and not broken:
        return None
    where = ", ".join(reversed(words))
    what = f", where {' and '.join(broken[:MAX_RIGHT])}" if broken else ""
    return Cause("step", "", where, f"It stops {where}{what}.")


def _in_result(call: Call) -> Cause | None:
    """Say which entry of a list in the result is the first that differs; of a result that is a list the check does."""
    assert isinstance(call.wanted, Returned)
    wanted, returned = call.wanted.value, call.returned
    if call.ending is not None or type(wanted) is not dict or type(returned) is not dict:
        return None
    for key, right in wanted.items():
        mine = returned.get(key)
        if type(right) is not list or type(mine) is not list or len(mine) != len(right) or same(mine, right):
            continue
        pairs = enumerate(zip(mine, right, strict=True))
        index = next((i for i, (one, other) in pairs if not same(one, other, call.size)), 0)
        if index:
            shown, expected = format_value.pair(mine[index], right[index])
            entries = "entry 0 is" if index == 1 else f"entries 0 to {index - 1} are"
            sentence = (
                f'In "{key}", {entries} right; entry {index} is the first that differs: {shown}, expected {expected}.'
            )
            return Cause("step", str(key), f"entry {index}", sentence)
    return None
