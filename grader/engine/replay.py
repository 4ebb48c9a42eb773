"""How a Hypothesis check is run on a student's function: with the course's settings, or on examples drawn before.

Drawing the examples takes longer than all calls of them, and as long as a check holds they are the same for everybody.
So whoever grades many submissions draws them once, with the solution. Where a student's function fails on one of
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
from grader.engine.blame import blaming
from grader.engine.student import Call, Origin, Student
from grader.engine.watchdog import OutOfTime
from grader.errors import Fault

MAX_EXAMPLES = 25
MAX_SHRINKS = 80
"""Examples that are tried to find a smaller failing one: half a second, and later finds are hardly smaller."""

Check = Callable[..., Any]
Known = tuple[dict[str, Any], tuple[Call, ...]]
"""An example: the drawn arguments, and the calls that the solution has made."""


class SmallestFound(BaseException):
    """Ends the search for a smaller failing example; no Exception, so that Hypothesis lets it pass."""

    def __init__(self, error: Exception, calls: list[Call]) -> None:
        super().__init__(str(error))
        self.error = error
        self.calls = calls


class Unsteady(Exception):
    """A check that did not hold holds when it is tried again."""


@dataclass(eq=False)
class Examples:
    """The examples of the checks of one lesson, for one seed."""

    drawn: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By check, the drawn arguments of each example."""
    calls: dict[str, list[tuple[Call, ...]]] = field(default_factory=dict)
    """By check, the calls that the solution has made in each example; none where more than these must be looked at."""
    unrepeatable: set[str] = field(default_factory=set)
    """The checks that draw while they run."""
    is_complete: bool = False
    """Whether to repeat them; else they are noted."""

    def of(self, check: str) -> list[Known] | None:
        """Return the examples to repeat, or None where Hypothesis has to draw."""
        if not self.is_complete or check in self.unrepeatable or check not in self.drawn:
            return None
        return list(zip(self.drawn[check], self.calls[check], strict=True))

    def note(self, check: str, drawn: dict[str, Any]) -> None:
        """Keep an example, as it is before the check sees it."""
        if self.is_complete:
            return
        self.calls.setdefault(check, []).append(())
        try:
            self.drawn.setdefault(check, []).append(copy.deepcopy(drawn))
        except Exception:  # noqa: BLE001  whatever cannot be copied is drawn anew for everybody
            self.unrepeatable.add(check)
        if any(type(value).__name__ == "DataObject" for value in drawn.values()):
            self.unrepeatable.add(check)

    def note_calls(self, check: str, student: Student) -> None:
        """Keep the calls of the example that was noted last, which holds."""
        if not self.is_complete:
            self.calls[check][-1] = student.repeatable()


@dataclass(frozen=True)
class Manner:
    """How the checks of a run treat their examples."""

    seed: int
    shrinks: Callable[[], bool]
    """Whether the next failing example is worth a smaller one: only the first that fails is shown in full."""
    examples: Examples | None = None


def prepare(check: Check, name: str, student: Student, manner: Manner) -> Check:
    """Return a Hypothesis check with the course's settings, where each example begins anew; another one as it is."""
    handle = getattr(check, "hypothesis", None)
    if handle is None:
        return blaming(check, name, student)
    inner = blaming(handle.inner_test, name, student)
    examples = manner.examples or Examples(is_complete=True)
    given = set(inspect.signature(inner).parameters) - parameters_of(check)
    smallest: SmallestFound | None = None
    shrinks = 0
    foreseen = foreseen_examples(check)
    """How many examples are left that everyone knows."""

    @wraps(inner)
    def example(*args: Any, **kwargs: Any) -> Any:
        nonlocal smallest, shrinks, foreseen
        if smallest is not None:
            shrinks += 1
            if shrinks > MAX_SHRINKS:
                raise smallest
        examples.note(name, {key: value for key, value in kwargs.items() if key in given})
        drawn = Origin.FORESEEN if foreseen > 0 else Origin.DRAWN
        student.begin_example(drawn if smallest is None else Origin.SMALLER)
        foreseen -= 1
        metrics.note_example()
        try:
            inner(*args, **kwargs)
        except hypothesis.errors.HypothesisException:
            raise  # an example that an assume() has refused is no failure
        except Exception as error:
            if isinstance(error, Fault) and smallest is not None:
                hypothesis.reject()  # this smaller example is the course's bug, and the one before the student's
            # While Hypothesis shrinks it tries smaller examples only: the last that fails is the smallest.
            smallest = SmallestFound(error, list(student.example))
            if _is_final(error) or not manner.shrinks():
                raise smallest from error
            raise
        finally:
            student.watchdog.restart()
        examples.note_calls(name, student)

    handle.inner_test = example
    settings = _settings(manner.seed)
    drawing: Check = settings(hypothesis.seed(manner.seed)(check) if manner.seed else check)
    known = examples.of(name)
    return drawing if known is None else _repeating(drawing, inner, known, student, manner)


def parameters_of(check: Check) -> set[str]:
    """Return the arguments that a check takes; Hypothesis gives the others."""
    return set(inspect.signature(check).parameters)


def is_flaky(error: BaseException) -> bool:
    """Whether a check has failed and then held for the same values."""
    return isinstance(error, (hypothesis.errors.Flaky, Unsteady))


def _settings(seed: int) -> hypothesis.settings:
    """Return how Hypothesis draws in this course."""
    return hypothesis.settings(
        max_examples=MAX_EXAMPLES,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate, hypothesis.Phase.shrink),
        deadline=None,
        database=None,
        derandomize=seed == 0,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


def _is_final(error: Exception) -> bool:
    """Whether no smaller example is looked for: it would tell no more, or take as long again."""
    return isinstance(error, Fault) or isinstance(error.__cause__, OutOfTime)


def _repeating(drawing: Check, inner: Check, known: list[Known], student: Student, manner: Manner) -> Check:
    """Return a check that goes through known examples, and lets Hypothesis draw only where one of them fails.

    Where the student's function answers an example as the solution did, to the last bit, it holds as it did then.
    """

    @wraps(drawing)
    def repeat(**fixtures: Any) -> None:
        before = {exercise: len(calls) for exercise, calls in student.history.items()}
        for number, (drawn, calls) in enumerate(known):
            student.begin_example(Origin.FORESEEN if number < foreseen_examples(drawing) else Origin.DRAWN)
            metrics.note_example()
            student.watchdog.restart()
            # Whoever measures wants to see every comparison.
            if calls and metrics.present() is None and student.repeats(calls):
                continue
            # As Hypothesis does before each example.
            random.seed(0)
            np.random.seed(0)  # noqa: NPY002  the global generator is what a check may have used
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
    """Return a deep copy; copy.deepcopy needs longer for a tensor than a student's function for its work."""
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
    """Return how many examples of a check are the same for every seed: those above it, and the simplest of all.

    They are the first that Hypothesis runs, in this order.
    """
    return len(getattr(check, "hypothesis_explicit_examples", ())) + 1


def draw_once() -> None:
    """Let Hypothesis do what it does at the first example that it draws, before there are many to do it."""

    @hypothesis.settings(max_examples=1, database=None)
    @hypothesis.given(hypothesis.strategies.integers())
    def draw(_number: int) -> None:
        pass

    draw()
