"""Run a Hypothesis check on a student's function, with the course's settings, or on examples drawn before.

Drawing the examples takes longer than making all their calls, and as long as a check passes they are the same for every
submission. So a run over many submissions draws them once, with the solution. If a student's function fails on one of
them, Hypothesis takes over, and finds what it would have found anyway.
"""

import copy
import inspect
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import hypothesis
import numpy as np
from torch import Tensor

from grader import metrics
from grader.authoring import MAX_EXAMPLES
from grader.engine.blame import blaming
from grader.engine.student import Call, Origin, Student
from grader.engine.watchdog import OutOfTime
from grader.errors import Fault

MAX_SHRINKS = 80
"""Examples tried to shrink a failing one: half a second, and later finds are hardly smaller.

A check with fewer examples than usual has slow calls, and shrinks less in proportion.
"""

Check = Callable[..., Any]
Known = tuple[dict[str, Any], tuple[Call, ...]]
"""An example: the drawn arguments, and the calls of the solution."""


class SmallestFound(BaseException):
    """Ends shrinking; not an Exception, so that Hypothesis lets it pass."""

    def __init__(self, error: Exception, calls: list[Call]) -> None:
        super().__init__(str(error))
        self.error = error
        self.calls = calls


class Unsteady(Exception):
    """A check that failed passes when it is tried again."""


@dataclass(eq=False)
class Examples:
    """The examples of one lesson's checks, for one seed."""

    drawn: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By check: the drawn arguments of each example."""
    calls: dict[str, list[tuple[Call, ...]]] = field(default_factory=dict)
    """By check: the solution's calls in each example; none if repeating them is not enough."""
    unrepeatable: set[str] = field(default_factory=set)
    """Checks that draw while they run, or whose arguments cannot be copied."""
    is_complete: bool = False
    """Whether to replay the examples; otherwise they are recorded."""

    def of(self, check: str) -> list[Known] | None:
        """Return the examples to replay, or None if Hypothesis has to draw."""
        if not self.is_complete or check in self.unrepeatable or check not in self.drawn:
            return None
        return list(zip(self.drawn[check], self.calls[check], strict=True))

    def note(self, check: str, drawn: dict[str, Any]) -> None:
        """Record an example before the check can change it."""
        if self.is_complete:
            return
        self.calls.setdefault(check, []).append(())
        try:
            self.drawn.setdefault(check, []).append(copy.deepcopy(drawn))
        except Exception:  # noqa: BLE001  what cannot be copied is drawn again for every submission
            self.unrepeatable.add(check)
        if any(type(value).__name__ == "DataObject" for value in drawn.values()):
            self.unrepeatable.add(check)

    def note_calls(self, check: str, student: Student) -> None:
        """Record the calls of the last recorded example, which passed."""
        if not self.is_complete:
            self.calls[check][-1] = student.repeatable()


@dataclass(frozen=True)
class Manner:
    """How a run treats the examples of its checks."""

    seed: int
    shrinks: Callable[[], bool]
    """Whether to shrink the next failing example: only an exercise's first failure is shown in full."""
    examples: Examples | None = None


def prepare(check: Check, name: str, student: Student, manner: Manner) -> Check:
    """Return a check with `blaming`; a Hypothesis check also gets the course's settings, and records its examples."""
    handle = getattr(check, "hypothesis", None)
    if handle is None:
        return blaming(check, name, student)
    inner = blaming(handle.inner_test, name, student)
    examples = manner.examples or Examples(is_complete=True)
    number = getattr(check, "examples", MAX_EXAMPLES)
    given = set(inspect.signature(inner).parameters) - parameters_of(check)
    smallest: SmallestFound | None = None
    shrinks = 0
    foreseen = foreseen_examples(check)
    """How many examples are left that are the same for every seed."""

    @wraps(inner)
    def example(*args: Any, **kwargs: Any) -> Any:
        nonlocal smallest, shrinks, foreseen
        if smallest is not None:
            shrinks += 1
            if shrinks > MAX_SHRINKS * number // MAX_EXAMPLES:
                raise smallest
        examples.note(name, {key: value for key, value in kwargs.items() if key in given})
        drawn = Origin.FORESEEN if foreseen > 0 else Origin.DRAWN
        student.begin_example(drawn if smallest is None else Origin.SMALLER)
        foreseen -= 1
        metrics.note_example()
        try:
            inner(*args, **kwargs)
        except hypothesis.errors.HypothesisException:
            raise  # an example rejected by assume() is not a failure
        except Exception as error:
            if isinstance(error, Fault) and smallest is not None:
                hypothesis.reject()  # a bug of the course; the example before it showed the student's
            # Shrinking only tries smaller examples: the last that fails is the smallest.
            smallest = SmallestFound(error, list(student.example))
            if _is_final(error) or not manner.shrinks():
                raise smallest from error
            raise
        finally:
            student.watchdog.restart()
        examples.note_calls(name, student)

    handle.inner_test = example
    settings = _settings(manner.seed, number)
    drawing: Check = settings(hypothesis.seed(manner.seed)(check) if manner.seed else check)
    known = examples.of(name)
    return drawing if known is None else _repeating(drawing, inner, known, student, manner)


def parameters_of(check: Check) -> set[str]:
    """Return the arguments that a check takes; Hypothesis provides the others."""
    return set(inspect.signature(check).parameters)


def is_flaky(error: BaseException) -> bool:
    """Whether a check failed and then passed for the same values."""
    return isinstance(error, (hypothesis.errors.Flaky, Unsteady))


def _settings(seed: int, examples: int) -> hypothesis.settings:
    """Return the course's Hypothesis settings."""
    return hypothesis.settings(
        max_examples=examples,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate, hypothesis.Phase.shrink),
        deadline=None,
        database=None,
        derandomize=seed == 0,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


def _is_final(error: Exception) -> bool:
    """Whether not to shrink: a smaller example would say no more, or take as long again."""
    return isinstance(error, Fault) or isinstance(error.__cause__, OutOfTime)


def _repeating(drawing: Check, inner: Check, known: list[Known], student: Student, manner: Manner) -> Check:
    """Return a check that replays known examples, and lets Hypothesis draw only if one of them fails.

    If the student's function gives the solution's answers bit for bit, the example passes as it did for the solution.
    """

    @wraps(drawing)
    def repeat(**fixtures: Any) -> None:
        before = {exercise: len(calls) for exercise, calls in student.history.items()}
        for number, (drawn, calls) in enumerate(known):
            student.begin_example(Origin.FORESEEN if number < foreseen_examples(drawing) else Origin.DRAWN)
            metrics.note_example()
            student.watchdog.restart()
            # Metrics must see every comparison.
            if calls and metrics.present() is None and student.repeats(calls):
                continue
            # As Hypothesis does before each example.
            random.seed(0)
            np.random.seed(0)  # noqa: NPY002  a check may use the global generator
            try:
                inner(**fixtures, **_copied(drawn))
            except hypothesis.errors.UnsatisfiedAssumption:
                continue
            except Exception as error:
                if _is_final(error) or not manner.shrinks():
                    raise SmallestFound(error, list(student.example)) from error
                for exercise, made in student.history.items():
                    del made[before.get(exercise, 0) :]
                drawing(**fixtures)
                raise Unsteady from error

    return repeat


def _copied(value: Any) -> Any:
    """Return a deep copy; copy.deepcopy of a tensor takes longer than a student's function."""
    kind = type(value)
    if kind in (bool, int, float, str):
        return value
    if kind is Tensor and not value.requires_grad:
        return value.clone()
    if kind is tuple:
        return tuple(map(_copied, value))
    if kind is list:
        return list(map(_copied, value))
    if kind is dict:
        return {key: _copied(part) for key, part in value.items()}
    return copy.deepcopy(value)


def foreseen_examples(check: Check) -> int:
    """Return how many examples are the same for every seed: the explicit ones, and the simplest of all.

    Hypothesis runs these first, in this order.
    """
    return len(getattr(check, "hypothesis_explicit_examples", ())) + 1


def draw_once() -> None:
    """Let Hypothesis do the work of its first draw here, before the forks would each repeat it."""

    @hypothesis.settings(max_examples=1, database=None)
    @hypothesis.given(hypothesis.strategies.integers())
    def draw(_number: int) -> None:
        pass

    draw()
