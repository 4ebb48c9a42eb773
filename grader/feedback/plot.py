"""Draw what an exercise returns: target, yours, and the difference; as PNG, in words, and as characters.

The kind of plot depends only on the kind of the value: two dimensions become a heat map, a list of points a path, one
dimension a curve. Colour is never the only sign of a difference: the cells show `+` and `-`.
"""

import io
import math
import string
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from grader.authoring import CheckFailed, as_tensor
from grader.feedback.coercion import coerce
from grader.feedback.tensor_diff import first_difference
from grader.text import clean

Finish = Callable[[Any], None]
"""Adds a background and axis labels to the matplotlib axes in which a value is drawn."""
SHADES = ".:-=+*#%@"
"""From low to high; without a blank, so that the lowest entries stay visible."""
MAX_COLUMNS = 72
MAX_CELLS = 12
"""Up to this many rows and columns, each cell shows its sign."""
HEIGHT = 12
FEWEST = 3
"""Fewer numbers are not worth a picture: words say them better."""
VISIBLE = 0.05
"""The part of the range of both values from which a difference between them is visible."""
MAX_NUMBERS = 10_000
"""A value whose shape is not the target's is drawn only up to this many numbers."""
CAPTION_WIDTH = 55
"""Characters of a caption below each panel."""
LARGEST_DRAWN = 1e300
"""Matplotlib's arithmetic overflows beyond this: larger numbers are not drawn, like infinities."""
_LABEL = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}


@dataclass(frozen=True)
class Comparison:
    """Two values side by side, as float64 tensors; or one alone, without yours."""

    title: str
    target: Tensor
    yours: Tensor | None
    """None if there is nothing to draw: the function raised, or returned another kind of value."""
    missing: str = ""
    """Why yours is None, or has no difference to the target because its shape differs."""
    is_path: bool = False
    is_alone: bool = False
    """Whether only the target is shown, as for a prediction."""
    sentence: str = ""
    """What is wrong, in words, if it is known."""

    @property
    def fits(self) -> bool:
        """Whether yours has the shape of the target."""
        return self.yours is not None and self.yours.shape == self.target.shape

    @property
    def difference(self) -> Tensor | None:
        """Yours minus target, if the shapes agree."""
        return self.yours - self.target if self.yours is not None and self.fits else None

    @property
    def is_small(self) -> bool:
        """Whether words say it better than a picture."""
        return self.target.numel() < FEWEST

    @property
    def is_visible(self) -> bool:
        """Whether the picture shows that yours differs from the target."""
        if self.yours is None or self.difference is None:
            return self.yours is not None
        if bool((self.yours.isfinite() != self.target.isfinite()).any()):
            return True
        both = torch.cat([self.yours, self.target]).flatten()
        finite = both[both.isfinite()]
        span = float(finite.max()) / 2 - float(finite.min()) / 2 if finite.numel() else 0.0
        return _largest(self.difference / 2) > VISIBLE * span

    @property
    def cell(self) -> tuple[int, ...] | None:
        """The index of the first entry that differs, if the shapes agree."""
        return first_difference(self.yours, self.target) or None if self.yours is not None and self.fits else None


def compare(title: str, wanted: Any, returned: Any, missing: str = "") -> Comparison | None:
    """Return two values for drawing, or None unless the expected one is numbers in one or two dimensions."""
    try:
        target = as_tensor(wanted)
    except (TypeError, ValueError, RuntimeError):
        return None
    if target.ndim not in (1, 2) or target.numel() == 0:
        return None
    is_path = type(wanted) is list and target.ndim == 2 and target.shape[1] == 2
    yours: Tensor | None = None
    if not missing:
        try:
            yours = as_tensor(coerce(returned, wanted, {}))
        except (CheckFailed, TypeError, ValueError, RuntimeError) as error:
            missing = str(error) or "Your function returned another kind of value."
            yours = _of_another_shape(returned, target, is_path=is_path)
    if yours is not None and yours.shape != target.shape and not missing:
        missing = f"Yours has shape {tuple(yours.shape)}, expected {tuple(target.shape)}."
    return Comparison(title, target, yours, clean(missing), is_path)


def _of_another_shape(returned: Any, target: Tensor, *, is_path: bool) -> Tensor | None:
    """Return a value of another shape that can still be drawn beside the target: a transposed grid, a longer path."""
    try:
        yours = as_tensor(returned)
    except (CheckFailed, TypeError, ValueError, RuntimeError):
        return None
    is_alike = yours.ndim == target.ndim and (not is_path or yours.shape[1] == 2)
    return yours if is_alike and 0 < yours.numel() <= MAX_NUMBERS else None


def alone(title: str, value: Any) -> Comparison | None:
    """Return one value for drawing, or None unless it is numbers in one or two dimensions."""
    comparison = compare(title, value, None, missing="alone")
    return None if comparison is None else replace(comparison, missing="", is_alone=True)


def describe(comparison: Comparison) -> str:
    """Return the picture in words, from the numbers that it shows, after what is wrong."""
    told = _numbers(comparison)
    return f"{comparison.sentence}\n{told}" if comparison.sentence else told


def _numbers(comparison: Comparison) -> str:
    target, yours = comparison.target, comparison.yours
    kind = "path" if comparison.is_path else "curve" if target.ndim == 1 else "grid"
    points = " points" if target.ndim == 1 or comparison.is_path else ""
    size = _size(comparison, target)
    if comparison.is_alone:
        ends = _range(target) if kind == "grid" else f"from {_place(target[0])} to {_place(target[-1])}"
        return f"{comparison.title}. A {kind} of {size}{points}, {ends}."
    text = f"{comparison.title}. Target: a {kind} of {size}{points}"
    text += f", {_range(target)}."
    if yours is None:
        return f"{text} Yours: nothing to draw. {comparison.missing}"
    if not comparison.fits:
        return f"{text} Yours: {_size(comparison, yours)}{points}, {_range(yours)}. {comparison.missing}"
    text += f" Yours: {_range(yours)}."
    cell = comparison.cell
    if cell is None:
        return f"{text} They agree."
    difference = comparison.difference
    assert difference is not None
    wrong = int((~torch.isclose(yours, target, rtol=1e-6, atol=1e-9, equal_nan=True)).sum())
    place = ", ".join(map(str, cell))
    text += (
        f" {wrong} of {target.numel()} numbers differ. The first is at [{place}]: {yours[cell]:.4g}, expected"
        f" {target[cell]:.4g}."
    )
    largest, finite = _largest(difference), "" if difference.isfinite().all() else "finite "
    return f"{text} The largest {finite}difference is {largest:.4g}." if largest else text


def _size(comparison: Comparison, panel: Tensor) -> str:
    return " by ".join(map(str, panel.shape[:1] if comparison.is_path else panel.shape))


def draw_text(comparison: Comparison, columns: int = MAX_COLUMNS) -> str:
    """Return the picture as ASCII characters, at most ``columns`` wide."""
    panels = [("" if comparison.is_alone else "target", comparison.target), ("yours", comparison.yours)]
    lines: list[str] = []
    if comparison.is_path or comparison.target.ndim == 1:
        lines += _plot(comparison, columns)
    else:
        both = torch.cat([panel.flatten() for _, panel in panels if panel is not None])
        for name, panel in panels:
            if panel is not None:
                lines += [name, *_shaded(panel, both, columns, comparison.cell), ""]
        if comparison.difference is not None:
            lines += ["difference", *_signs(comparison.difference, comparison.target, columns, comparison.cell)]
    return "\n".join(line.rstrip() for line in lines)


def draw_png(comparison: Comparison, finish: Finish | None = None) -> bytes:
    """Return the picture as PNG, with its description inside; ``finish`` is called for target and yours."""
    from matplotlib.figure import Figure

    words, comparison = describe(comparison), _within_reach(comparison)

    panels = 1 if comparison.is_alone else 3
    figure = Figure(figsize=(4 * panels, 4), layout="constrained")
    axes = figure.subplots(1, panels, squeeze=False)[0]
    figure.suptitle(comparison.title, fontsize=10)
    if comparison.is_path:
        _draw_paths(comparison, axes)
    elif comparison.target.ndim == 1:
        _draw_curves(comparison, axes)
    else:
        _draw_grids(comparison, axes)
    if not comparison.is_alone:
        for one, name in zip(axes, ("target", "yours", "difference (yours - target)"), strict=True):
            one.set_title(name, fontsize=10)
    for one, panel in zip(axes, (comparison.target, comparison.yours), strict=False):
        # The axis labels of the target do not fit a grid of another shape.
        if panel is not None and finish is not None and (panel.shape == comparison.target.shape or comparison.is_path):
            finish(one)
    if not comparison.is_alone and not comparison.fits:
        is_drawn = comparison.yours is not None
        why = "shapes differ: cannot subtract" if is_drawn else "nothing to draw"
        for one in axes[2:] if is_drawn else axes[1:]:
            one.set_axis_off()
            one.text(0.5, 0.5, why, ha="center", va="center", transform=one.transAxes)
    if comparison.sentence:
        # Not as mathematics: a sentence may quote a value with dollar signs.
        caption = "\n".join(textwrap.wrap(comparison.sentence, CAPTION_WIDTH * panels))
        figure.supxlabel(caption, fontsize=10, parse_math=False)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100, metadata={"Description": words})
    return file.getvalue()


def _within_reach(comparison: Comparison) -> Comparison:
    """Return a comparison without the numbers that overflow in matplotlib."""

    def within(panel: Tensor) -> Tensor:
        return torch.where(panel.abs() <= LARGEST_DRAWN, panel, math.nan)

    yours = within(comparison.yours) if comparison.yours is not None else None
    return replace(comparison, target=within(comparison.target), yours=yours)


def _draw_grids(comparison: Comparison, axes: Any) -> None:
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

    panels = [comparison.target, comparison.yours]
    finite = torch.cat([panel.flatten() for panel in panels if panel is not None])
    finite = finite[finite.isfinite()]
    low, high = (float(finite.min()), float(finite.max())) if finite.numel() else (0.0, 1.0)
    for one, panel in zip(axes, panels, strict=False):
        if panel is not None:
            image = one.imshow(panel.numpy(), cmap="cividis", vmin=low, vmax=high, aspect="auto")
            one.figure.colorbar(image, ax=one, shrink=0.8)
    difference = comparison.difference
    if difference is not None:
        most = _largest(difference) or 1.0
        image = axes[2].imshow(difference.numpy(), cmap="PuOr", vmin=-most, vmax=most, aspect="auto")
        axes[2].figure.colorbar(image, ax=axes[2], shrink=0.8)
        if max(difference.shape) <= MAX_CELLS:
            for row, entries in enumerate(_sign_rows(difference, comparison.target)):
                for column, sign in enumerate(entries):
                    axes[2].text(column, row, sign, ha="center", va="center", fontsize=11, bbox=_LABEL)
    cell = comparison.cell
    for one in axes:
        one.set_xlabel("second index")
        one.set_ylabel("first index")
        for axis in (one.xaxis, one.yaxis):
            axis.set_major_locator(MaxNLocator(integer=True))
        if cell is not None:
            corner = (cell[1] - 0.5, cell[0] - 0.5)
            one.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="red", linewidth=2.5, linestyle="--"))


def _draw_paths(comparison: Comparison, axes: Any) -> None:
    panels = [(comparison.target, "o--"), (comparison.yours, "s-")]
    for one, (panel, style) in zip(axes, panels, strict=False):
        if panel is not None:
            one.plot(panel[:, 0].numpy(), panel[:, 1].numpy(), style, color="black", markersize=4)
            one.annotate("start", panel[0].tolist(), textcoords="offset points", xytext=(6, 6))
        one.set_xlabel("first number")
        one.set_ylabel("second number")
    if comparison.is_alone:
        return
    axes[0].sharex(axes[1])
    axes[0].sharey(axes[1])
    axes[1].autoscale()
    difference = comparison.difference
    if difference is not None:
        axes[2].plot(difference.norm(dim=1).numpy(), "d-", color="black", markersize=4)
        axes[2].set_xlabel("step")
        axes[2].set_ylabel("distance between the two")


def _draw_curves(comparison: Comparison, axes: Any) -> None:
    for one, panel, style in zip(axes, (comparison.target, comparison.yours), ("o--", "s-"), strict=False):
        if panel is not None:
            one.plot(panel.numpy(), style, color="black", markersize=5)
    difference = comparison.difference
    if difference is not None:
        axes[2].axhline(0.0, color="grey", linewidth=1)
        axes[2].vlines(range(len(difference)), 0.0, difference.numpy(), color="black")
        axes[2].plot(difference.numpy(), "d", color="black", markersize=5)
        if comparison.cell is not None:
            axes[1].plot(
                comparison.cell[0],
                comparison.yours[comparison.cell],  # type: ignore[index]  # a cell needs both
                "o",
                markersize=14,
                fillstyle="none",
                color="red",
            )
    for one in axes:
        one.set_xlabel("index")


def _shaded(panel: Tensor, both: Tensor, columns: int, cell: tuple[int, ...] | None) -> list[str]:
    finite = both[both.isfinite()]
    low, high = (float(finite.min()), float(finite.max())) if finite.numel() else (0.0, 0.0)
    return _rows(panel, columns, cell, lambda value: _shade(value, low, high))


def _shade(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return "?"
    return SHADES[min(len(SHADES) - 1, int(_share(value, low, high) * len(SHADES)))]


def _share(value: float, low: float, high: float) -> float:
    """Return the position of a value between low and high, from 0 to 1."""
    # Halved: the difference of two large floats can overflow.
    span = high / 2 - low / 2
    return min(1.0, max(0.0, (value / 2 - low / 2) / span)) if span else 0.0


def _signs(difference: Tensor, target: Tensor, columns: int, cell: tuple[int, ...] | None) -> list[str]:
    signs = _sign_rows(difference, target)
    codes = torch.tensor([["-.+?".index(sign) for sign in row] for row in signs], dtype=torch.float64)
    return _rows(codes, columns, cell, lambda code: "-.+?"[int(code)])


def _sign_rows(difference: Tensor, target: Tensor) -> list[list[str]]:
    tiny = 1e-6 * max(_largest(target), 1e-3)
    return [
        ["?" if not math.isfinite(d) else "+" if d > tiny else "-" if d < -tiny else "." for d in row]
        for row in difference.tolist()
    ]


def _rows(panel: Tensor, columns: int, cell: tuple[int, ...] | None, sign: Callable[[float], str]) -> list[str]:
    """Return a character per entry, the first wrong one in brackets; a last line tells what was left out."""
    width = max(1, min(panel.shape[1], (columns - 4) // 3))
    height = min(panel.shape[0], 2 * HEIGHT)
    lines = []
    for row in range(height):
        entries = panel[row, :width].tolist()
        lines.append(
            "  "
            + "".join(
                f"[{sign(value)}]" if cell == (row, column) else f" {sign(value)} "
                for column, value in enumerate(entries)
            )
        )
    if (height, width) != tuple(panel.shape):
        lines.append(f"  (the first {height} rows and {width} columns of {panel.shape[0]} and {panel.shape[1]})")
    return lines


def _plot(comparison: Comparison, columns: int) -> list[str]:
    """Return target `o`, yours `x` and `*` for both, in a frame with the ranges beside it."""
    points = [(panel, mark) for panel, mark in ((comparison.target, "o"), (comparison.yours, "x")) if panel is not None]
    coordinates = [(_points(panel), mark) for panel, mark in points]
    every = torch.cat([each for each, _ in coordinates])
    every = every[every.isfinite().all(dim=1)]
    if not len(every):
        return ["  (no finite number to draw)"]
    low, high = every.min(dim=0).values.tolist(), every.max(dim=0).values.tolist()
    width = max(8, min(columns - 4, 60))
    canvas = [[" "] * width for _ in range(HEIGHT)]
    is_numbered = comparison.is_alone and comparison.is_path and len(comparison.target) <= len(string.digits)
    for panel, name in coordinates:
        for step, (x, y) in enumerate(panel.tolist()):
            mark = str(step) if is_numbered else name
            if math.isfinite(x) and math.isfinite(y):
                column = round(_share(x, low[0], high[0]) * (width - 1))
                row = HEIGHT - 1 - round(_share(y, low[1], high[1]) * (HEIGHT - 1))
                canvas[row][column] = mark if canvas[row][column] in (" ", mark) else "*"
    legend = ["o target   x yours   * both" if len(points) > 1 else "o target"]
    if comparison.is_alone:
        legend = ["0 is the start, 1 the first step, and so on; * marks several"] if is_numbered else []
    horizontal, vertical = ("first number", "second number") if comparison.is_path else ("index", "value")
    return [
        *legend,
        f"  {vertical}: {low[1]:.4g} to {high[1]:.4g}",
        *(f"  |{''.join(row)}" for row in canvas),
        f"  +{'-' * width}"[:columns],
        f"  {horizontal}: {low[0]:.4g} to {high[0]:.4g}",
    ]


def _points(panel: Tensor) -> Tensor:
    if panel.ndim == 2:
        return panel
    return torch.stack([torch.arange(len(panel), dtype=torch.float64), panel], dim=1)


def _range(panel: Tensor) -> str:
    finite = panel[panel.isfinite()]
    strange = "" if len(finite) == panel.numel() else f", {panel.numel() - len(finite)} not finite"
    if not finite.numel():
        return "no finite number"
    return f"from {float(finite.min()):.4g} to {float(finite.max()):.4g}{strange}"


def _place(entry: Tensor) -> str:
    return f"({', '.join(f'{value:.4g}' for value in entry.tolist())})" if entry.ndim else f"{float(entry):.4g}"


def _largest(panel: Tensor) -> float:
    finite = panel[panel.isfinite()].abs()
    return float(finite.max()) if finite.numel() else 0.0
