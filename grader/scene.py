"""What an interactive figure shows, as plain values: a lesson computes it, and the page draws it.

Numbers that are not finite are None, and leave a gap. Every colour has a meaning, as in the still pictures: ``data``,
``model``, ``gradient``, ``prediction``, ``optimum``, ``known`` for what is known beforehand, ``other`` for a second
model.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

ROLES = ("data", "model", "gradient", "prediction", "optimum", "known", "other")
Point = tuple[float | None, float | None]


@dataclass(frozen=True)
class Curve:
    """A line through points, with a dot at each of them if wanted."""

    points: tuple[Point, ...]
    role: str = "model"
    name: str = ""
    """What the legend says; without a name, it says nothing."""
    dashed: bool = False
    dots: bool = False
    kind: Literal["curve"] = "curve"


@dataclass(frozen=True)
class Dots:
    """Points on their own; an ``optimum`` is drawn as crosses."""

    points: tuple[Point, ...]
    role: str = "data"
    name: str = ""
    kind: Literal["dots"] = "dots"


@dataclass(frozen=True)
class Heights:
    """A landscape, from dark for low to bright for high: ``rows[i][j]`` stands at the i-th y and the j-th x."""

    rows: tuple[tuple[float | None, ...], ...]
    x: tuple[float, float]
    """The first and the last x."""
    y: tuple[float, float]
    name: str = ""
    """What a height is."""
    kind: Literal["heights"] = "heights"


@dataclass(frozen=True)
class Note:
    """A text at a point, in a box if wanted."""

    x: float
    y: float
    text: str
    role: str = "known"
    boxed: bool = False
    kind: Literal["note"] = "note"


@dataclass(frozen=True)
class Arrow:
    """An arrow from one point to another."""

    start: tuple[float, float]
    end: tuple[float, float]
    role: str = "gradient"
    kind: Literal["arrow"] = "arrow"


@dataclass(frozen=True)
class Moves:
    """What dragging a handle sets: ``control`` becomes ``offset`` plus ``scale`` times the handle's x or y."""

    control: str
    along: Literal["x", "y"]
    offset: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Handle:
    """A point that can be dragged; every control that it sets has a slider too."""

    x: float
    y: float
    sets: tuple[Moves, ...]
    name: str
    """What it is, for a screen reader."""
    kind: Literal["handle"] = "handle"


Mark = Curve | Dots | Heights | Note | Arrow | Handle


@dataclass(frozen=True)
class Panel:
    """A system of axes and what is drawn in it, the first thing lowest."""

    marks: tuple[Mark, ...]
    x: tuple[float, float]
    """The ends of the axis; both ends 0 hide it."""
    y: tuple[float, float]
    x_label: str = ""
    y_label: str = ""
    title: str = ""
    x_log: bool = False
    y_log: bool = False


@dataclass(frozen=True)
class Scene:
    """A whole figure for one setting of the controls."""

    panels: tuple[Panel, ...]
    words: str
    """What the figure shows now, in a sentence or two: for all, and for a screen reader."""


@dataclass(frozen=True)
class Slider:
    """A control for a number."""

    low: float
    high: float
    start: float
    says: str
    """What it sets, in words."""
    step: float = 0.0
    """The distance of two values; 0 for any number."""
    log: bool = False
    """Whether equal distances on it are equal factors."""
    kind: Literal["slider"] = "slider"

    def __post_init__(self) -> None:
        """Refuse what cannot be moved."""
        if not self.low <= self.start <= self.high or self.low == self.high or not self.says:
            raise ValueError(f"a slider from {self.low} to {self.high} cannot start at {self.start}, and needs words")
        if self.step < 0 or (self.log and self.low <= 0):
            raise ValueError("a step is 0 or more, and a logarithmic slider begins above 0")

    def nearest(self, value: object) -> float:
        """Return the value that it can have next to this one; its start for what is not a finite number."""
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            return self.start
        steps = round((value - self.low) / self.step) if self.step else 0
        return min(max(self.low + steps * self.step if self.step else value, self.low), self.high)


@dataclass(frozen=True)
class Choice:
    """A control for one of several things: a page sends the number of the option, and the figure gets its text."""

    options: tuple[str, ...]
    says: str
    start: int = 0
    kind: Literal["choice"] = "choice"

    def __post_init__(self) -> None:
        """Refuse a choice of nothing."""
        if len(self.options) < 2 or self.start not in range(len(self.options)) or not self.says:
            raise ValueError("a choice has two options or more, begins with one of them, and needs words")

    def nearest(self, value: object) -> str:
        """Return the option of this number; the one it starts with for anything else."""
        if isinstance(value, int) and not isinstance(value, bool) and value in range(len(self.options)):
            return self.options[value]
        return self.options[self.start]


Control = Slider | Choice


@dataclass(frozen=True)
class Settings:
    """A value for each control."""

    controls: Mapping[str, Control]
    values: Mapping[str, Any] = field(default_factory=dict)

    def all(self) -> dict[str, float | str]:
        """Return the value of each control: what was set, as far as the control can have it, else its start."""
        return {name: each.nearest(self.values.get(name)) for name, each in self.controls.items()}


def curve(  # noqa: PLR0913  the looks of a curve, each by its name
    xs: Iterable[Any],
    ys: Iterable[Any],
    role: str = "model",
    name: str = "",
    *,
    dashed: bool = False,
    dots: bool = False,
) -> Curve:
    """Return a curve; the numbers may be a tensor."""
    return Curve(_points(xs, ys), _role(role), name, dashed, dots)


def dots(xs: Iterable[Any], ys: Iterable[Any], role: str = "data", name: str = "") -> Dots:
    """Return points; the numbers may be a tensor."""
    return Dots(_points(xs, ys), _role(role), name)


def heights(rows: Iterable[Iterable[Any]], x: Sequence[float], y: Sequence[float], name: str = "") -> Heights:
    """Return a landscape over the range of x (across) and y (up); the rows may be a tensor."""
    numbers = tuple(tuple(_number(value) for value in row) for row in rows)
    return Heights(numbers, (float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])), name)


def _points(xs: Iterable[Any], ys: Iterable[Any]) -> tuple[Point, ...]:
    return tuple((_number(x), _number(y)) for x, y in zip(xs, ys, strict=True))


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _role(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"{role!r} is not one of the roles {', '.join(ROLES)}")
    return role
