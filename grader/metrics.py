"""What a run measures beside its verdict: examples drawn, how much of a tolerance was used, and the slowest calls.

Nothing is measured unless somebody asks: `grade audit` does, and a student's run pays for one look at a variable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Measured:
    """What one check has done."""

    examples: int = 0
    comparisons: int = 0
    used: float = 0.0
    """The largest part of a tolerance that a comparison has used: 0 for equal values, 1 at the limit."""


@dataclass
class Meter:
    """What all checks of a run have done."""

    checks: dict[str, Measured] = field(default_factory=dict)
    """By the name of the check."""
    slowest: dict[str, float] = field(default_factory=dict)
    """By exercise, the seconds of its slowest call."""
    seconds: float = 0.0
    """Of all calls together."""
    _check: str = ""

    def begin_check(self, name: str) -> None:
        """Count what follows for this check."""
        self._check = name
        self.checks.setdefault(name, Measured())

    def note_example(self) -> None:
        """Count an example of the present check."""
        self._present.examples += 1

    def note_comparison(self, used: float) -> None:
        """Count a comparison of the present check, and the part of its tolerance that it has used."""
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
    """Return the meter that runs, or None where nobody measures."""
    return _METER.get()


def note_example() -> None:
    """Count an example of the present check, where somebody measures."""
    if (meter := _METER.get()) is not None:
        meter.note_example()


@contextmanager
def measuring() -> Iterator[Meter]:
    """Measure what happens inside."""
    meter = Meter()
    token = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(token)
