"""What the axes of a picture stand for: from the shapes that a docstring names and the arguments of the call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from grader.authoring import as_tensor

_NAMES = r"((?:`\w+`(?:, | and ))*`\w+`)"
_SHAPE = r"shape \(([\w, ]*)\)"
_OF_PARAMETERS = re.compile(rf"{_NAMES}[^.;`]*?\b{_SHAPE}")
_OF_RESULT = re.compile(rf"\b[Rr]esult [^.;`]*?\b{_SHAPE}")
_PAIR = re.compile(r"`\(([a-z]\w*), ([a-z]\w*)\)`")
WIDE = 1000
"""From this ratio of the largest to the smallest number on, an axis may be logarithmic."""
FLAT = 0.05
"""It is, if half of the numbers lie below this part of the largest: on a linear axis they would look like zero."""


@dataclass(frozen=True)
class Axis:
    """One axis of a picture."""

    name: str = ""
    """Empty if only the index is known."""
    places: Tensor | None = None
    """Where each entry stands, shape (n,) and float64, in any order; None if only the index is known."""


def axes_of(docstring: str, given: Mapping[str, Any], target: Tensor, *, is_path: bool) -> tuple[Axis, ...]:
    """Return the axes of a result; ``given`` holds the arguments of the call by name.

    A path of points `(w, b)` has the axes w and b. A result of shape (n_w, n_b) has the axes `w_values` and `b_values`,
    if these are the only parameters of shape (n_w,) and (n_b,).
    """
    text = " ".join(docstring.split())
    if is_path:
        pair = _PAIR.search(text)
        return tuple(map(Axis, pair.groups() if pair else ("", "")))
    owners: dict[str, list[str]] = {}
    for names, shape in _OF_PARAMETERS.findall(text):
        owners.setdefault(shape.strip(", "), []).extend(re.findall(r"\w+", names))
    result = _OF_RESULT.search(text)
    symbols = [symbol.strip() for symbol in result[1].strip(", ").split(",")] if result else []
    if len(symbols) != target.ndim:
        return (Axis(),) * target.ndim
    return tuple(
        _axis(owners.get(symbol, []), given, length) for symbol, length in zip(symbols, target.shape, strict=True)
    )


def _axis(owners: list[str], given: Mapping[str, Any], length: int) -> Axis:
    """Return the axis of the one parameter along which a result runs; several of them share only their index."""
    if len(owners) != 1 or owners[0] not in given:
        return Axis()
    try:
        places = as_tensor(given[owners[0]])
    except (TypeError, ValueError, RuntimeError):
        return Axis(owners[0])
    return Axis(owners[0], places if places.shape == (length,) and bool(places.isfinite().all()) else None)


def order(axis: Axis, length: int) -> list[int]:
    """Return the indices of the entries along an axis, from its lowest place to its highest."""
    if axis.places is None:
        return list(range(length))
    found: list[int] = axis.places.argsort(stable=True).tolist()
    return found


def grows_exponentially(values: Tensor) -> bool:
    """Whether numbers need a logarithmic axis."""
    finite = values[values.isfinite()]
    if len(finite) < 3 or bool((finite <= 0).any()):
        return False
    low, middle, high = float(finite.min()), float(finite.median()), float(finite.max())
    return high / WIDE > low and middle < FLAT * high


def lowest(panel: Tensor, axes: tuple[Axis, ...]) -> tuple[int, ...] | None:
    """Return the index of the lowest entry, if only one is lowest and, on a curve, it is not at an end."""
    finite = torch.where(panel.isfinite(), panel, torch.inf)
    low = float(finite.min())
    size = float(panel[panel.isfinite()].abs().max()) if low < torch.inf else 0.0
    if int((finite <= low + 1e-9 * size).sum()) != 1:
        return None
    cell = tuple(int(index) for index in torch.unravel_index(finite.argmin(), panel.shape))
    ends = [order(axis, length) for axis, length in zip(axes, panel.shape, strict=True)]
    return None if panel.ndim == 1 and cell[0] in (ends[0][0], ends[0][-1]) else cell
