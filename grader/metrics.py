"""Measurements beside a verdict: examples drawn, how much of a tolerance was used, and the slowest calls.

Only `grade audit` measures; a student's run just reads one variable each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Measured:
    """The measurements of one check."""

    examples: int = 0
    comparisons: int = 0
    used: float = 0.0
    """The largest fraction of a tolerance that a comparison used: 0 for equal values, 1 at the limit."""


@dataclass
class Meter:
    """The measurements of all checks of a run."""

    checks: dict[str, Measured] = field(default_factory=dict)
    """By the name of the check."""
    slowest: dict[str, float] = field(default_factory=dict)
    """By exercise, the seconds of its slowest call."""
    seconds: float = 0.0
    """The seconds of all calls together."""
    _check: str = ""

    def begin_check(self, name: str) -> None:
        """Count the following examples and comparisons for this check."""
        self._check = name
        self.checks.setdefault(name, Measured())

    def note_example(self) -> None:
        """Count an example of the current check."""
        self._present.examples += 1

    def note_comparison(self, used: float) -> None:
        """Count a comparison of the current check, and the fraction of its tolerance that it used."""
        self._present.comparisons += 1
        self._present.used = max(self._present.used, used)

    def note_call(self, exercise: str, seconds: float) -> None:
        """Note how long a call of an exercise took."""
        self.seconds += seconds
        self.slowest[exercise] = max(self.slowest.get(exercise, 0.0), seconds)

    @property
    def _present(self) -> Measured:
        return self.checks.setdefault(self._check, Measured())


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


def present() -> Meter | None:
    """Return the active meter, or None."""
    return _METER.get()


def note_example() -> None:
    """Count an example of the current check, if a meter is active."""
    if (meter := _METER.get()) is not None:
        meter.note_example()


@contextmanager
def measuring() -> Iterator[Meter]:
    """Measure the block."""
    meter = Meter()
    token = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(token)
