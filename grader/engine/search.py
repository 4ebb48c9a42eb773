"""Why an exercise is wrong, found by search: what the reference would have to do to give the student's answers.

A cause is a claim about a program, so it is stated only when it reproduces every recorded answer of the student's
function, right and wrong ones. Four families are tried, none of which knows a lesson: the function keeps something
between calls; the reference with other arguments; with another result; and with two known mistakes at once, or with
several that the code to be repaired contains. How much
is tried is counted and not timed, so that the same file gets the same sentence on a busy machine.
"""

import contextlib
import hashlib
import itertools
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import torch
from torch import Tensor

from grader.course.exercise_text import Mistake
from grader.course.solution import Exercise
from grader.engine import altered
from grader.engine.agreement import is_finite, same
from grader.engine.altered import Altered
from grader.engine.callee import Callee
from grader.engine.diagnosis import behaves_like
from grader.engine.mistake_worker import MAX_AHEAD, Answer, Group, candidates_of, groups_of
from grader.engine.reference import Asked, Key, Raised, Returned, Unanswerable
from grader.engine.student import Call, Student, seconds_of
from grader.engine.student_code import exercises_used, names_in
from grader.engine.watchdog import OutOfTime
from grader.engine.worker_session import Runner
from grader.feedback import format_value
from grader.feedback.call_failure import CallLost, Ending
from grader.sandbox import arrays, wire
from grader.sandbox.figure import Picture
from grader.sandbox.worker import SEED
from grader.text import cut, listed
from grader.verdict import Cause, Status

MAX_ASKED = 400
"""Calls of the reference and of known mistakes that one search makes."""
MAX_ASKED_CHANGED = 600
"""Calls that it then makes of solutions with small changes."""
MANY_LINES = 500
"""Lines of the solution and calls of libraries, as a call of it runs them, that cost as much as one more call.

A reference that mostly runs more of them, as one that trains or draws does, is not called with other arguments.
"""
MOST_WORK = 10
"""Calls that cost more than so many others are not told apart: how much a library does depends on what it remembers."""
MAX_GROUPS = 400
"""Groups of known mistakes that one search tries."""
MAX_CHANGED = 300
"""Solutions with small changes that one search tries at a time."""
MAX_PLACES = 3
"""Places that a sentence names."""
MAX_FIXED = 16
"""Numbers that are tried in the place of an argument."""
MAX_SHOWN = 60
"""Characters of a value in a sentence."""
MIN_CALLS = 4
"""Fewer calls prove nothing."""

PROBED_CALLS = 4
"""Recorded calls whose arguments are varied, to ask the student's function what no check has asked."""
MATTERS = 8
"""Recorded calls, of which a change of arguments must change an answer."""
MIN_PROOFS = 2
"""Wrong answers that a change of results must give: where it gives no number, it proves nothing."""

Change = Callable[[Any], Any]
"""Returns another value; raises `_Unlike` where the change means nothing for this one."""


class _Unlike(Exception):
    """A change does not apply to a value, or changes nothing of it."""


@dataclass(frozen=True)
class _Arguments:
    """Other arguments of a call."""

    cause: Cause
    change: Callable[[dict[str, Any]], dict[str, Any]]
    """Takes the arguments of a call by name."""


@dataclass(frozen=True)
class _Result:
    """A change of what a function returns."""

    cause: Cause
    change: Callable[[Any, Asked], Any]

    def changed(self, answer: Any, asked: Asked) -> Any:
        """Return the changed answer, or the answer itself where the change does not apply."""
        try:
            return self.change(answer, asked)
        except _Unlike:
            return answer


Ask = Callable[[Asked], Any]
"""Returns what a function answers to a call; raises `_Unanswered` where it returns nothing."""


class _Unanswered(Exception):
    """A function returned nothing."""


class _Undecided(Exception):
    """A function gives no number where a guard or an eps of the student's decides what comes of it."""


@dataclass(frozen=True)
class _Candidate:
    """Something that may explain all answers: it predicts each of them."""

    cause: Cause
    predict: Ask
    answer: Callable[[Asked], Answer] | None = None
    """For a program: what it answers, an exception too."""


@dataclass
class Search:
    """The recorded calls of one exercise, and what may explain them."""

    student: Student
    exercise: Exercise
    asked: int = 0
    """Calls that were made for the search."""
    allowed: int = MAX_ASKED
    has_hung: bool = False
    """Whether a function did not return: then nothing else is tried."""
    _known: dict[tuple[str, Key], Any] = field(default_factory=dict)
    """Answers of known mistakes to the recorded calls."""

    @cached_property
    def calls(self) -> list[Call]:
        """All calls but those that must raise, the wrong ones first, the shortest and smallest of them before all."""
        history = [call for call in self.student.history.get(self.exercise.name, []) if call.must_raise is None]
        return sorted(history, key=lambda call: (call.is_right, min(_work(call.wanted), MOST_WORK), len(call.payload)))

    @cached_property
    def _wrong(self) -> int:
        """How many of them are wrong."""
        return next((number for number, call in enumerate(self.calls) if call.is_right), len(self.calls))

    @cached_property
    def named(self) -> list[dict[str, Any]]:
        """The arguments of each of them by name, the entries of a dict each by its own."""
        return [_opened(_by_name(call, self.student)) for call in self.calls]

    def find(self) -> Cause | None:
        """Return what explains every call, or None; the simplest explanation comes first."""
        calls = self.calls
        if len(calls) < MIN_CALLS or not self._wrong:
            return None
        if any(call.is_secret or type(_wanted(call)) is Picture for call in calls):
            return None  # two right pictures may differ
        if any(call.ending is not None for call in calls):
            return self._of_programs()
        if all(map(_has_right_numbers, calls[: self._wrong])):
            return None  # of another type: changes of values that cancel would give them, too
        if (unsteady := self._state() or self._random()) is not None:
            return unsteady
        if self._wrong < MIN_PROOFS:
            return None
        return self._first(self._candidates()) or self._where()

    def _first(self, candidates: Generator[_Candidate]) -> Cause | None:
        """Return the first candidate that explains everything."""
        with contextlib.closing(candidates):
            for candidate in itertools.takewhile(lambda _: not self._is_over, candidates):
                if self._reproduces(candidate) and self._holds(candidate):
                    return candidate.cause
        return None

    def _of_programs(self) -> Cause | None:
        """Return the changed solution that answers, and raises, as the student's function does: no other may raise."""
        only_raised = all(call.ending is None or call.ending.status is Status.RAISED for call in self.calls)
        if not only_raised or sum(call.ending is None for call in self.calls[: self._wrong]) < MIN_PROOFS:
            return None
        return self._first(self._of_several_mistakes()) or self._where()

    def _where(self) -> Cause | None:
        """Return where the solution needs a small change to give every answer, alone or beside a known mistake."""
        if self.has_hung or not self._is_short:
            return None
        self.asked, self.allowed = 0, MAX_ASKED_CHANGED
        lesson, name = self.student.lesson, self.exercise.name
        names = names_in(self.student.runner.source, name)
        for kind in (altered.singles, altered.besides_a_mistake):
            solutions = itertools.islice(kind(lesson, name, names), MAX_CHANGED)
            labelled = {f"{name}__{number}": each for number, each in enumerate(solutions)}
            sources = {label: each.source for label, each in labelled.items()}
            with contextlib.closing(self._programs(sources, is_counted=True)) as programs:
                explaining = (
                    labelled[label]
                    for label, candidate in itertools.takewhile(lambda _: not self._is_over, programs)
                    if self._reproduces(candidate) and self._holds(candidate)
                )
                if found := list(itertools.islice(explaining, MAX_PLACES)):
                    return _of_places(found, "class" if self.exercise.is_class else "function")
        return None

    def question(self) -> str:
        """Return a digest of all that `find` looks at: the same question has the same answer. Empty if it asks nothing.

        The student's answers to the calls that no check has made belong to it, and the names that a sentence may use.
        """
        history = [call for call in self.student.history.get(self.exercise.name, []) if call.must_raise is None]
        if any(call.ending is not None for call in history):
            return ""
        names = names_in(self.student.runner.source, self.exercise.name)
        words = hashlib.sha256(repr((self.exercise.name, sorted(names))).encode())
        for part in (
            *((call.key, call.value) for call in history),
            *((a.key, wire.encode(b)) for a, b in self._probes),
        ):
            words.update(hashlib.sha256(repr(part).encode()).digest())
        return words.hexdigest()

    def _programs(self, sources: Mapping[str, str], *, is_counted: bool) -> Generator[tuple[str, _Candidate]]:
        """Yield a candidate for each changed solution, with its label."""
        candidates = candidates_of(self.student.lesson, self.exercise.name, self.student.runner.zygote, sources)

        def call_ahead(labels: Sequence[str], calls: Sequence[Call]) -> None:
            seconds = max((seconds_of(call.wanted) for call in calls), default=0.0)
            candidates.call_ahead([(label, call.driver, call.payload) for label in labels for call in calls], seconds)

        def answer(label: str, asked: Asked) -> Answer:
            if asked is self.calls[1]:
                call_ahead([label], self.calls[1:MAX_AHEAD])
            back = candidates.call((label, asked.driver, asked.payload))
            self.asked += is_counted * _cost(asked)
            self.has_hung = self.has_hung or (isinstance(back, Ending) and back.status is Status.TIMEOUT)
            return back

        def predict(label: str, asked: Asked) -> Any:
            return self._value(answer(label, asked))

        try:
            labels = list(sources)
            for number, label in enumerate(labels):
                if number % MAX_AHEAD == 0:  # most differ at the first call
                    call_ahead(labels[number : number + MAX_AHEAD], self.calls[:1])
                yield label, _Candidate(Cause("where"), partial(predict, label), partial(answer, label))
        finally:
            candidates.close()

    def find_callee(self) -> Cause | None:
        """Return that another exercise of the file is to blame, if this one is right with what that one returns.

        Then the solution, where it calls the student's function for that exercise, gives every answer.
        """
        calls = self.calls
        if not self._wrong or any(each.is_secret or type(_wanted(each)) is Picture for each in calls):
            return None
        source, reference, name = self.student.runner.source, self.student.reference, self.exercise.name
        for other in exercises_used(source, name, [each.name for each in self.student.lesson.exercises]):
            runner = self.student.runner
            runner = Runner(runner.lesson, source, runner.zygote, runner.limits)
            callee = Callee(self.student.lesson.exercise(other), reference, runner)
            try:
                with contextlib.suppress(OutOfTime), self.student.watchdog.watching():
                    if self._is_right_with(callee) and callee.is_wrong():
                        return _of_callee(name, other)
            finally:
                callee.close()
        return None

    def _is_right_with(self, callee: Callee) -> bool:
        """Whether the solution, with the student's function in it, gives every answer."""

        def predict(asked: Asked) -> Any:
            answer = callee.answer(asked)
            if not isinstance(answer, Returned):
                raise _Unanswered
            return answer.value

        return all(_is_answer(call, callee.answer(call)) for call in self.calls) and self._holds(
            _Candidate(Cause("calls"), predict)
        )

    @property
    def _is_over(self) -> bool:
        """Whether enough has been tried."""
        return self.asked > self.allowed or self.has_hung

    def _candidates(self) -> Generator[_Candidate]:
        """Yield what may explain all answers, the simplest first."""
        yield from self._constant()
        if _are_numbers_missing(self.calls[0]):  # no other arguments, and no change of numbers, gives such an answer
            yield from self._of_several_mistakes()
            return
        simple = list(_argument_changes(self.named)) if self._is_short else []
        yield from (self._of_arguments(each, self._reference) for each in simple)
        yield from self._of_results(self._reference)
        if self._is_short:
            yield from (self._of_arguments(each, self._reference) for each in _fixed_arguments(self.named))
        yield from self._of_several_mistakes()
        simple = [each for each in simple if self._matters(self._of_arguments(each, self._reference))]
        mistakes = [each for each in self.student.lesson.mistakes if each.exercise == self.exercise.name]
        for mistake in mistakes:
            for other in self._of_results(self._mistaken(mistake)):
                yield _Candidate(_with(mistake, other.cause), other.predict)
        yield from self._limited(self._of_mistakes_with_arguments(mistakes, simple))
        for each in simple:
            ask = _remembered(self._of_arguments(each, self._reference).predict)
            for other in self._of_results(ask):
                yield _Candidate(_both(each.cause, other.cause), other.predict)

    def _limited(self, candidates: Iterator[_Candidate]) -> Iterator[_Candidate]:
        """Yield candidates until they have taken their part of the calls, so that others get theirs."""
        end = self.asked + (self.allowed - self.asked) // 2
        return itertools.takewhile(lambda _: self.asked <= end, candidates)

    def _of_mistakes_with_arguments(
        self, mistakes: Sequence[Mistake], changes: Sequence[_Arguments]
    ) -> Iterator[_Candidate]:
        """Yield what known mistakes do with other arguments."""
        for each, mistake in itertools.product(changes, mistakes):
            other = self._of_arguments(each, self._mistaken(mistake))
            yield _Candidate(_with(mistake, other.cause), other.predict)

    def _matters(self, candidate: _Candidate) -> bool:
        """Whether a change of arguments changes what the reference answers: else it explains nothing."""
        for call in self.calls[:MATTERS]:
            try:
                if not _is_same_value(candidate.predict(call), _wanted(call), call.size):
                    return True
            except _Unanswered:
                return True
        return False

    @cached_property
    def _is_short(self) -> bool:
        """Whether the reference mostly does little in a call, so that it can be called with many other arguments."""
        return sorted(_work(call.wanted) for call in self.calls)[len(self.calls) // 2] == 0

    def _reproduces(self, candidate: _Candidate) -> bool:
        """Whether a candidate gives every recorded answer, and enough of the wrong ones."""
        if candidate.answer is not None:
            return all(not self._is_over and _is_alike(call, candidate.answer(call)) for call in self.calls)
        proofs = 0
        for number, call in enumerate(self.calls):
            if self._is_over:
                return False
            try:
                if not _is_same_value(call.returned, candidate.predict(call), call.size):
                    return False
            except _Undecided:
                continue
            except _Unanswered:
                return False
            proofs += number < self._wrong
        return proofs >= MIN_PROOFS

    def _holds(self, candidate: _Candidate) -> bool:
        """Whether a candidate also predicts what the student's function answers to calls that no check has made."""
        for asked, returned in self._probes:
            try:
                if not _is_same_value(returned, candidate.predict(asked), asked.size):
                    return False
            except (_Undecided, _Unanswered):
                continue
        return True

    @cached_property
    def _probes(self) -> list[tuple[Asked, Any]]:
        """Calls with varied arguments to which the reference has an answer, and what the student's function returns."""
        probes: list[tuple[Asked, Any]] = []
        spread = self.calls[:: max(1, len(self.calls) // PROBED_CALLS)][:PROBED_CALLS]
        for call, vary in itertools.product(spread, _VARIATIONS):
            args = tuple(map(vary, call.args))
            try:
                asked = Asked.of(call.exercise, call.driver, args, call.kwargs, like=call)
            except Unanswerable:
                continue
            if not isinstance(self.student.reference.answer_once(asked), Returned):
                continue
            back = self.student.runner.call(asked.key, lambda: 0.0)
            if isinstance(back, CallLost):
                break
            with contextlib.suppress(_Unanswered):
                probes.append((asked, _value_of(back)))
        return probes

    def _state(self) -> Cause | None:
        """Look for two answers to one call."""
        answers: dict[Any, Any] = {}
        for call in self.student.history.get(self.exercise.name, []):
            first = answers.setdefault(call.key, call.returned)
            if first is not call.returned and not _is_same_value(call.returned, first):
                one, other = (cut(format_value.short(each), MAX_SHOWN) for each in (first, call.returned))
                sentence = (
                    f"Your function answers the same call in two ways: first it returned {one}, later {other}. It keeps"
                    " something from one call to the next (a global variable, a default list, a cache), or it draws"
                    " random numbers."
                )
                return Cause("state", sentence=sentence)
        return None

    def _random(self) -> Cause | None:
        """Look for a wrong answer that changes with the random numbers, where the solution's does not."""
        for call in self.calls[: min(self._wrong, PROBED_CALLS)]:
            again, other = (self._again(call, seed) for seed in (SEED, SEED + 1))
            if other is None or not _is_same_value(again, call.returned) or _is_same_value(again, other):
                continue
            expected = self.student.reference.answer_once(call, SEED + 1)
            if not isinstance(expected, Returned) or not _is_same_value(expected.value, _wanted(call)):
                continue
            before, after = (cut(format_value.short(each), MAX_SHOWN) for each in (again, other))
            sentence = (
                "Your function draws random numbers, and its result changes with them: the same call returned"
                f" {before}, and with other random numbers {after}. The expected result depends on the arguments alone."
            )
            return Cause("random", sentence=sentence)
        return None

    def _again(self, asked: Asked, seed: int) -> Any:
        """Return what the student's function returns with this seed; None if it returns no data."""
        self.asked += 1
        back = self.student.runner.call(asked.key, lambda: 0.0, seed)
        with contextlib.suppress(_Unanswered):
            return None if isinstance(back, CallLost) else _value_of(back)
        return None

    def _constant(self) -> Iterator[_Candidate]:
        """Yield that the answers do not depend on the arguments, or are one of them."""
        first, wanted = self.calls[0].returned, [_wanted(call) for call in self.calls]
        # What is not data has no value to compare: the message says of which type it is.
        if type(first) is not wire.Opaque and not all(_is_same_value(each, wanted[0]) for each in wanted):
            shown = cut(format_value.short(first), MAX_SHOWN)
            sentence = f"Your function returns {shown} whatever its arguments are."
            yield _Candidate(Cause("constant", value=shown, sentence=sentence), lambda _: first)
        for name in self.exercise.parameters:
            cause = Cause("argument", name, "returned", f"Your function returns `{name}` as it was passed.")
            yield _Candidate(cause, partial(self._argument, name))

    def _argument(self, name: str, asked: Asked) -> Any:
        given = _by_name(asked, self.student)
        if name not in given:
            raise _Unanswered
        return given[name]

    def _of_arguments(self, arguments: _Arguments, ask: Ask) -> _Candidate:
        """Return the candidate that a function called with other arguments is."""

        def predict(asked: Asked) -> Any:
            given = _by_name(asked, self.student)
            try:
                values = list(_closed(given, arguments.change(_opened(given))).items())
            except _Unlike:
                return ask(asked)
            args = tuple(value for _, value in values[: len(asked.args)])
            try:
                kwargs = dict(values[len(asked.args) :])
                return ask(Asked.of(asked.exercise, asked.driver, args, kwargs, like=asked))
            except Unanswerable:
                raise _Unanswered from None

        return _Candidate(arguments.cause, predict)

    def _of_results(self, ask: Ask) -> Iterator[_Candidate]:
        """Yield the candidates that changes of a function's results are."""

        def predict(result: _Result, asked: Asked) -> Any:
            answer = ask(asked)
            changed = result.changed(answer, asked)
            if is_finite(answer) and not is_finite(changed):
                raise _Undecided
            return changed

        first = next((name for name, value in _by_name(self.calls[0], self.student).items() if _length(value)), "")
        with contextlib.suppress(_Unanswered, _Undecided):
            for result in _result_changes(self.calls[0].returned, ask(self.calls[0]), f"`{first}`"):
                yield _Candidate(result.cause, partial(predict, result))

    def _of_several_mistakes(self) -> Generator[_Candidate]:
        """Yield the groups of known mistakes."""
        groups = {each.label: each for each in groups_of(self.student.lesson, self.exercise.name, MAX_GROUPS)}
        sources = {label: group.source for label, group in groups.items()}
        with contextlib.closing(self._programs(sources, is_counted=False)) as programs:
            for label, candidate in programs:
                yield replace(candidate, cause=_of_all(groups[label]))

    def _reference(self, asked: Asked) -> Any:
        """Return what the reference answers."""
        if isinstance(asked, Call):
            return _wanted(asked)
        answer = self.student.reference.answer_once(asked)
        self.asked += 1 + _work(answer)
        if not isinstance(answer, Returned):
            raise _Unanswered
        return answer.value

    def _mistaken(self, mistake: Mistake) -> Ask:
        """Return the function of a known mistake."""

        def ask(asked: Asked) -> Any:
            key = mistake.label, asked.key
            if key not in self._known:
                back = self.student.mistaken.answer(mistake, asked)
                self.asked += _cost(asked)
                answer = self._value(back)
                if not isinstance(asked, Call):
                    return answer
                self._known[key] = answer
            return self._known[key]

        return ask

    def _value(self, answer: Answer) -> Any:
        if isinstance(answer, Returned):
            return answer.value
        self.has_hung = self.has_hung or answer.status is Status.TIMEOUT
        raise _Unanswered


def _cost(asked: Asked) -> int:
    """Return how many calls a call counts for: long ones take longer, and clocks must not decide what is found."""
    return 1 + (_work(asked.wanted) if isinstance(asked, Call) else 0)


def _work(answer: Returned | Raised | None) -> int:
    """Return how often the reference ran many lines for an answer."""
    return answer.lines // MANY_LINES if isinstance(answer, Returned) else 0


def _remembered(ask: Ask) -> Ask:
    """Return a function that asks each call once."""
    answers: dict[Key, Any] = {}

    def remember(asked: Asked) -> Any:
        if asked.key not in answers:
            answers[asked.key] = ask(asked)
        return answers[asked.key]

    return remember


def _within(cause: Cause) -> str:
    """Return the sentence of a cause as it follows a colon."""
    return cause.sentence[:1].lower() + cause.sentence[1:]


def _named(cause: Cause) -> str:
    """Return what a cause is, in the data of another one."""
    return " ".join(filter(None, (cause.kind, cause.argument, cause.value)))


_TWO = "Two mistakes at once give all of your answers. By itself the first reads:"


def _with(mistake: Mistake, cause: Cause) -> Cause:
    """Return the cause that a known mistake is together with another one."""
    sentence = f"{_TWO} {mistake.explanation} The second: {_within(cause)}"
    return Cause("two", mistake.name, _named(cause), sentence)


def _both(one: Cause, other: Cause) -> Cause:
    """Return the cause that two causes are together."""
    sentence = f"Two things at once give all of your answers. The first: {_within(one)} The second: {_within(other)}"
    return Cause("two", f"{_named(one)}; {_named(other)}", "", sentence)


def _of_all(group: Group) -> Cause:
    first, *others = (each.explanation for each in group.mistakes)
    if group.is_of_starter:
        # One at a time: to find the others is the exercise.
        number = _COUNT.get(len(group.mistakes), len(group.mistakes))
        sentence = f"Your function answers like the code to be repaired with {number} of its mistakes left. {first}"
    else:
        sentence = f"{_TWO} {first} The second reads: {others[0]}"
    return Cause("two", ", ".join(each.name for each in group.mistakes), "", sentence)


_COUNT = {2: "two", 3: "three", 4: "four", 5: "five"}


def _of_callee(name: str, other: str) -> Cause:
    sentence = (
        f"`{name}` calls `{other}`, which is wrong: mend `{other}` first. Given what it returns, `{name}` answered"
        " every call as the solution would."
    )
    return Cause("calls", other, "", sentence)


def _is_alike(call: Call, answer: Answer) -> bool:
    """Whether a call ended as a program does."""
    try:
        return behaves_like(call, answer)
    except (TypeError, ValueError, RuntimeError):
        return False


def _is_answer(call: Call, answer: Returned | Raised) -> bool:
    """Whether a call ended like this: with the same value, or with the same kind of error."""
    if call.ending is not None:
        return isinstance(answer, Raised) and call.ending.error == type(answer.error).__name__
    return isinstance(answer, Returned) and _is_same_value(call.returned, answer.value, call.size)


def _of_places(found: Sequence[Altered], what: str) -> Cause:
    """Return the cause that changed solutions are, each of which gives every answer."""
    differences = list(dict.fromkeys(each.difference for each in found))
    texts = [f"in {each.place}: {each.what}" for each in differences]
    places = "; ".join(dict.fromkeys(each.place for each in differences))
    kinds = "; ".join(dict.fromkeys(each.what for each in differences))
    if (mistake := found[0].mistake) is not None:
        return _with(mistake, Cause("where", places, kinds, f"One thing is different {texts[0]}."))
    begin = f"In every call, your {what} did what the solution would do with"
    if len(texts) == 1:
        return Cause("where", places, kinds, f"{begin} one change {texts[0]}.")
    return Cause("where", places, kinds, f"{begin} one of these changes: {'; or '.join(texts)}.")


def _are_numbers_missing(call: Call) -> bool:
    """Whether a call returned something else where the reference returns numbers."""
    return _is_made_of_numbers(_wanted(call)) and not _is_made_of_numbers(call.returned)


def _has_right_numbers(call: Call) -> bool:
    """Whether a call returned the numbers that the reference returns, whatever their type."""
    try:
        returned, wanted = _numbers_of(call.returned), _numbers_of(_wanted(call))
    except _Unlike:
        return False
    return torch.equal(returned, wanted)


def _is_made_of_numbers(value: Any) -> bool:
    try:
        _numbers_of(value)
    except _Unlike:
        return False
    return True


def _value_of(back: tuple[dict[str, Any], str]) -> Any:
    """Return the value in what a worker has sent; raises _Unanswered if it holds none."""
    try:
        if back[0]["end"] == "returned":
            return arrays.tensors_of(wire.decode(back[0]["value"]))
    except (KeyError, TypeError, wire.WireError) as error:
        raise _Unanswered from error
    raise _Unanswered


def _wanted(call: Call) -> Any:
    """Return what the reference answers."""
    return call.wanted.value if isinstance(call.wanted, Returned) else None


def _is_same_value(value: Any, other: Any, size: float = 0.0) -> bool:
    try:
        return same(value, other, size)
    except (TypeError, ValueError, RuntimeError):
        return False


def _by_name(call: Asked, student: Student) -> dict[str, Any]:
    """Return the arguments of a call by the names of the parameters, of the exercise or of its driver."""
    names = student.reference.parameters(call.exercise, call.driver)
    given = {names[i] if i < len(names) else f"argument {i + 1}": value for i, value in enumerate(call.args)}
    return given | call.kwargs


def _opened(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments by name, with the entries of a dict in its place: `params["W1"]`."""
    opened: dict[str, Any] = {}
    for name, value in given.items():
        opened |= {_entry(name, key): part for key, part in value.items()} if isinstance(value, dict) else {name: value}
    return opened


def _closed(given: Mapping[str, Any], opened: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with what has become of the entries of a dict put back into it."""
    return {
        name: {key: opened[_entry(name, key)] for key in value} if isinstance(value, dict) else opened[name]
        for name, value in given.items()
    }


def _entry(name: str, key: Any) -> str:
    return f'{name}["{key}"]' if isinstance(key, str) else f"{name}[{key!r}]"


# ---- Other arguments -------------------------------------------------------------------------------------------------


def _argument_changes(named: Sequence[Mapping[str, Any]]) -> Iterator[_Arguments]:
    """Yield the changes of arguments, those that a student is likely to make first."""
    example = named[0]
    for one, other in itertools.combinations(example, 2):
        if _is_kin(example[one], example[other]):
            yield _exchanged(one, other)
    for points in _of_one_length(named):
        for words, change in _POINTS.items():
            yield _all_of(points, words, change)
    for name, value in example.items():
        changes = _NUMBERS if type(value) in (int, float) else _SEQUENCES if _has_length(value) else {}
        for words, change in changes.items():
            yield _one(name, words, change)


def _of_one_length(named: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return the names of arguments that have the same length in every call, such as x and y, two or more together."""
    lengths: dict[tuple[int, ...], list[str]] = {}
    for name, value in named[0].items():
        if _has_length(value) and all(name in given for given in named):
            lengths.setdefault(tuple(_length(given[name]) for given in named), []).append(name)
    return [names for names in lengths.values() if len(names) > 1]


def _fixed_arguments(named: Sequence[Mapping[str, Any]]) -> Iterator[_Arguments]:
    """Yield numbers that may always be used in the place of an argument: round ones, and those that were passed."""
    values: dict[str, dict[float, None]] = {}
    for given in named:
        for name, value in given.items():
            if type(value) in (int, float) and math.isfinite(value):
                known = values.setdefault(name, dict.fromkeys((0, 1, 2, 0.1, 0.01, 0.5)))
                if len(known) < MAX_FIXED:
                    known[value] = None
    for name, numbers in values.items():
        for number in numbers:
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

    sentence = f"Your function behaves as if {words.format(name=listed([f'`{name}`' for name in names]))}."
    return _Arguments(Cause("points", ", ".join(names), words.format(name=", ".join(names)), sentence), apply)


def _is_kin(value: Any, other: Any) -> bool:
    numbers = (int, float)
    if type(value) in numbers and type(other) in numbers:
        return True
    return type(value) is type(other) is Tensor and value.ndim == other.ndim


def _has_length(value: Any) -> bool:
    return (isinstance(value, Tensor) and value.ndim > 0) or isinstance(value, (list, tuple))


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
    "the last entry of {name} were missing": _of_tensor(lambda values: values[:-1], min_size=1),
    "the first entry of {name} were missing": _of_tensor(lambda values: values[1:], min_size=1),
    "only the first entry of {name} were there": _of_tensor(lambda values: values[:1], min_size=1),
    "only the last entry of {name} were there": _of_tensor(lambda values: values[-1:], min_size=1),
    "every second entry of {name} were missing": _of_tensor(lambda values: values[::2], min_size=1),
    "{name} were cut to whole numbers": _floats(torch.trunc),
    "{name} were rounded to whole numbers": _floats(torch.round),
    "{name} had their mean subtracted": _floats(lambda values: values - values.mean(0)),
    "{name} had the opposite sign": _floats(lambda values: -values),
    "{name} were sorted": _of_tensor(lambda values: values.sort(dim=0).values),
}
_SEQUENCES: dict[str, Change] = {
    "the last entry of {name} were missing": _of_tensor(lambda values: values[:-1], min_size=1),
    "the first entry of {name} were missing": _of_tensor(lambda values: values[1:], min_size=1),
    "{name} were reversed": _of_tensor(lambda values: values.flip(0)),
    "{name} were sorted": _of_tensor(lambda values: values.sort(dim=0).values),
    "repeated values of {name} counted once": _of_tensor(lambda values: values.unique(dim=0)),
    "{name} had the opposite sign": _floats(lambda values: -values),
    "{name} were twice as large": _floats(lambda values: 2 * values),
    "{name} were half as large": _floats(lambda values: values / 2),
    "{name} were its absolute value": _floats(torch.abs),
    "{name} were squared": _floats(torch.square),
    "{name} were cut to whole numbers": _floats(torch.trunc),
    "{name} were rounded to whole numbers": _floats(torch.round),
    "{name} had its mean subtracted": _floats(lambda values: values - values.mean(0)),
    "{name} were standardised": _floats(
        lambda values: (values - values.mean(0)) / values.std(0, correction=0).clamp_min(1e-12)
    ),
    "{name} were standardised with the standard deviation that divides by N - 1": _floats(
        lambda values: (values - values.mean(0)) / values.std(0).clamp_min(1e-12), min_size=2
    ),
    "{name} were all zeros": _floats(torch.zeros_like),
    "{name} were all ones": _floats(torch.ones_like),
    "{name} were moved by one place": _of_tensor(lambda values: values.roll(1, 0)),
    "negative entries of {name} were 0": _floats(torch.relu),
}


# ---- Another result --------------------------------------------------------------------------------------------------


def _result_changes(returned: Any, answer: Any, first: str) -> Iterator[_Result]:
    """Yield the changes of a result, of the whole and of each of its parts; the first wrong answer suggests some.

    ``first`` is the name of the first argument that has a length.
    """
    results = {words.replace("{first}", first): change for words, change in _RESULTS.items()}
    yield from (_whole(words, change) for words, change in results.items())
    yield from (_whole(words, change) for words, change in _factors(returned, answer))
    mine = _parts_of(returned)
    for key, part in _parts_of(answer).items():
        for words, change in (*results.items(), *_factors(mine.get(key), part)):
            yield _part(key, words, change)


def _whole(words: str, change: Callable[[Any, Asked], Any]) -> _Result:
    return _Result(Cause("result", value=words, sentence=f"Your result is always {words}."), change)


def _part(key: Any, words: str, change: Callable[[Any, Asked], Any]) -> _Result:
    def apply(value: Any, asked: Asked) -> Any:
        parts = _parts_of(value)
        if key not in parts:
            raise _Unlike
        parts[key] = change(parts[key], asked)
        return parts if isinstance(value, dict) else type(value)(parts.values())

    name = f"entry {key}" if isinstance(key, int) else repr(key)
    sentence = f"In your result only {name} is wrong: it is always {words}."
    return _Result(Cause("result", str(key), words, sentence), apply)


def _parts_of(value: Any) -> dict[Any, Any]:
    """Return the parts of a dict by key, and those of a tuple or a list that holds tensors by place."""
    if isinstance(value, dict):
        return dict(value)
    has_tensors = type(value) in (list, tuple) and any(isinstance(part, Tensor) and part.ndim for part in value)
    return dict(enumerate(value)) if has_tensors else {}


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


def _computed(function: Callable[[Tensor], Tensor]) -> Callable[[Any, Asked], Any]:
    def change(value: Any, _: Asked) -> Any:
        numbers = _numbers_of(value)
        changed = function(numbers)
        if isinstance(value, Tensor):
            return _changed(numbers, changed)
        plain = changed.tolist()
        return _changed(value, tuple(plain) if isinstance(value, tuple) and changed.ndim else plain)

    return change


def _times(factor: Callable[[int], float]) -> Callable[[Any, Asked], Any]:
    """Return the change that multiplies by a function of N, the length of the first argument that has one."""

    def change(value: Any, asked: Asked) -> Any:
        size = next((length for each in asked.args if (length := _length(each))), 0)
        if not size or (size == 1 and factor(2) != factor(3)):
            raise _Unlike
        return _computed(lambda numbers: numbers * factor(size))(value, asked)

    return change


def _factors(returned: Any, wanted: Any) -> Iterator[tuple[str, Callable[[Any, Asked], Any]]]:
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


def _where(applies: Callable[[Tensor], bool], function: Callable[[Tensor], Tensor]) -> Callable[[Any, Asked], Any]:
    """Return the change of results to which a function applies."""

    def apply(values: Tensor) -> Tensor:
        if not applies(values):
            raise _Unlike
        return function(values)

    return _computed(apply)


_matrix = partial(_where, lambda values: values.ndim == 2)
_filled = partial(_where, lambda values: values.numel() > 0)
_vector = partial(_where, lambda values: values.ndim > 0)


_RESULTS: dict[str, Callable[[Any, Asked], Any]] = {
    "the expected one with the opposite sign": _computed(torch.neg),
    "twice the expected one": _computed(lambda values: 2 * values),
    "half the expected one": _computed(lambda values: values / 2),
    "the expected one times N, the length of {first}": _times(lambda size: size),
    "the expected one divided by N, the length of {first}": _times(lambda size: 1 / size),
    "the expected one times N / (N - 1), where N is the length of {first}": _times(
        lambda size: size / (size - 1) if size > 1 else math.nan
    ),
    "the expected one times (N - 1) / N, where N is the length of {first}": _times(lambda size: (size - 1) / size),
    "twice the expected one, times N, the length of {first}": _times(lambda size: 2 * size),
    "the square of the expected one": _computed(torch.square),
    "the square root of the expected one": _computed(torch.sqrt),
    "the absolute value of the expected one": _computed(torch.abs),
    "the logarithm of the expected one": _computed(torch.log),
    "the expected one divided by its largest value": _filled(lambda values: values / values.max()),
    "the expected one minus its smallest value": _filled(lambda values: values - values.min()),
    "the expected one minus its mean": _filled(lambda values: values - values.mean()),
    "the expected one divided by its length as a vector": _filled(lambda values: values / values.norm()),
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
    "the running sum along each row of the expected one": _matrix(lambda values: values.cumsum(1)),
    "the expected one cut to whole numbers": _computed(torch.trunc),
    **{
        f"the expected one rounded to {digits} decimals"
        if digits
        else "the expected one rounded to whole numbers": _computed(partial(torch.round, decimals=digits))
        for digits in (0, 1, 2, 3, 4)
    },
}


# ---- Calls that no check makes ---------------------------------------------------------------------------------------


def _varied(number: Callable[[float], float], tensor: Callable[[Tensor], Tensor]) -> Callable[[Any], Any]:
    """Return a variation of arguments; sizes and counts stay, so that they still fit together."""

    def vary(value: Any) -> Any:
        if type(value) is float and math.isfinite(value):
            return number(value)
        if isinstance(value, Tensor) and value.is_floating_point():
            return tensor(value).to(value.dtype)
        return {key: vary(part) for key, part in value.items()} if isinstance(value, dict) else value

    return vary


_VARIATIONS = (
    _varied(lambda value: -value, lambda values: -values),
    _varied(lambda value: value / 2 + 0.375, lambda values: values / 2 + 0.25),
    _varied(lambda value: 0.6875 - value / 4, lambda values: 1.375 - values * 0.75),
)
