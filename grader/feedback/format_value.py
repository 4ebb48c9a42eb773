"""Format values: calls that can be pasted, and short forms that fit on a line."""

import cmath
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.sandbox import arrays
from grader.sandbox.figure import Picture
from grader.sandbox.wire import Opaque
from grader.sandbox.worker import CODE
from grader.text import clean

INDENT = "    "
MAX_LINE = 82
"""Characters of the longest call that is written on one line."""
MAX_LITERAL_ENTRIES = 400
MAX_SHORT_ENTRIES = 16
MAX_TEXT = 300
_MAKERS = {Tensor: "torch.tensor", np.ndarray: "np.array"}
MAX_COMPARED = 10_000
"""Characters of a text that are searched for a difference."""


def call(
    name: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    parameters: Sequence[str],
    driver: str | None = None,
) -> str:
    """Return a call that can be pasted, with one argument per line if it does not fit on one.

    Of lines of Python that a check runs, return the values that they use and the lines.
    """
    if driver == CODE:
        values = (_lines(f"{key} = ", value, "").removesuffix(",\n") for key, value in kwargs.items())
        return "\n".join([*values, str(args[0]).strip()])
    named = [(f"{parameter}=", value) for parameter, value in zip(parameters, args, strict=False)]
    named += [("", value) for value in args[len(parameters) :]]
    named += [(f"{key}=", value) for key, value in kwargs.items()]
    line = f"{name}({', '.join(start + literal(value) for start, value in named)})"
    if len(line) <= MAX_LINE:
        return line
    return f"{name}(\n" + "".join(_lines(start, value, INDENT) for start, value in named) + ")"


def _lines(start: str, value: Any, indent: str) -> str:
    """Return the line of an argument; where a dict is too long for one, an entry per line; of a matrix, a row."""
    line, inner = f"{indent}{start}{literal(value)},\n", indent + INDENT
    if len(line) <= MAX_LINE:
        return line
    if type(value) is dict:
        entries = "".join(_lines(f"{literal(key)}: ", item, inner) for key, item in value.items())
        return f"{indent}{start}{{\n{entries}{indent}}},\n"
    if type(value) in (Tensor, np.ndarray) and value.ndim > 1:
        tensor, maker = arrays.tensors_of(value), _MAKERS[type(value)]
        if 0 < tensor.numel() <= MAX_LITERAL_ENTRIES:
            rows = "".join(f"{inner}{literal(entry)},\n" for entry in _entries_of(tensor))
            return f"{indent}{start}{maker}([\n{rows}{indent}]{_dtype_of(value)}),\n"
    return line


def literal(value: Any) -> str:
    """Return a Python expression that creates the value, if one exists."""
    if type(value) is Tensor:
        return _tensor_literal(value)
    if type(value) is np.ndarray:
        return _array_literal(value)
    if type(value) is list:
        return f"[{', '.join(map(literal, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return "{" + ", ".join(f"{key!r}: {literal(item)}" for key, item in value.items()) + "}"
    if type(value) is float and not math.isfinite(value):
        return f'float("{value}")'
    if type(value) is complex and not cmath.isfinite(value):
        return f"complex({literal(value.real)}, {literal(value.imag)})"
    return clean(repr(value))


def _tensor_literal(tensor: Tensor) -> str:
    if tensor.numel() == 0:
        # `torch.zeros` defaults to float32, and `torch.tensor([])` loses the shape.
        dtype = "" if tensor.dtype is torch.float32 else f", dtype={tensor.dtype}"
        return f"torch.zeros({tuple(tensor.shape)}{dtype})"
    if tensor.numel() > MAX_LITERAL_ENTRIES:
        return f"<tensor of shape {tuple(tensor.shape)}>"
    return f"torch.tensor({literal(_entries_of(tensor))}{_dtype_of(tensor)})"


def _array_literal(array: np.ndarray[Any, Any]) -> str:
    if array.size == 0:
        dtype = "" if array.dtype == np.float64 else f", dtype={_numpy_dtype(array)}"
        return f"np.zeros({array.shape}{dtype})"
    if array.size > MAX_LITERAL_ENTRIES:
        return f"<array of shape {array.shape}>"
    return f"np.array({literal(_entries_of(arrays.tensors_of(array)))}{_dtype_of(array)})"


def _numpy_dtype(array: np.ndarray[Any, Any]) -> str:
    return "bool" if array.dtype == np.bool_ else f"np.{array.dtype.name}"


def _dtype_of(tensor: Tensor | np.ndarray[Any, Any]) -> str:
    """Return the dtype as an argument, or nothing if the entries alone lead to it."""
    if type(tensor) is np.ndarray:
        is_default = tensor.dtype in (np.float64, np.int64, np.bool_, np.complex128)
        return "" if is_default else f", dtype={_numpy_dtype(tensor)}"
    is_default = tensor.dtype in (torch.float32, torch.int64, torch.bool, torch.complex64)
    return "" if is_default else f", dtype={tensor.dtype}"


def _entries_of(tensor: Tensor) -> Any:
    return _shortest_float32(tensor) if tensor.dtype is torch.float32 else tensor.tolist()


def _shortest_float32(tensor: Tensor) -> Any:
    """Return the entries as floats with the fewest digits that give the same float32."""
    if tensor.ndim:
        return [_shortest_float32(part) for part in tensor]
    value = tensor.item()
    return next((short for digits in range(1, 9) if _same32(short := float(f"{value:.{digits}g}"), value)), value)


def _same32(short: float, value: float) -> bool:
    return torch.tensor(short, dtype=torch.float32).item() == value


def pair(returned: Any, wanted: Any, cell: tuple[int, ...] | None = None) -> tuple[str, str]:
    """Return two values as short texts, with as many digits as it takes to see that they differ.

    ``cell`` is the first entry in which they differ: large tensors show that one only.
    """
    texts = "", ""
    for digits in (4, 6, 9, 12, 17):
        texts = _short(returned, digits, cell), _short(wanted, digits, cell)
        if texts[0] != texts[1]:
            break
    start = len(os.path.commonprefix(texts)) - MAX_TEXT // 2  # noqa: RUF071  the prefix in characters is intended
    if texts[0] != texts[1] and start > 0 and max(map(len, texts)) > MAX_TEXT:
        # The difference would be cut off.
        return _cut(f"...{texts[0][start:]}"), _cut(f"...{texts[1][start:]}")
    return _cut(texts[0]), _cut(texts[1])


def short(value: Any, digits: int = 4, cell: tuple[int, ...] | None = None) -> str:
    """Return a value in at most MAX_TEXT characters."""
    return _cut(_short(value, digits, cell))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 3] + "..."


def _short(value: Any, digits: int, cell: tuple[int, ...] | None) -> str:
    if type(value) is Tensor:
        return _short_tensor(value, digits, cell)
    if type(value) is np.ndarray:
        return arrays.of_arrays(_short_tensor(arrays.tensors_of(value), digits, cell))
    if type(value) is float:
        return _number(value, digits)
    if type(value) in (list, tuple):
        if len(value) > MAX_SHORT_ENTRIES:
            if cell is not None:
                return f"{_short(value[cell[0]], digits, None)} at [{cell[0]}], {len(value)} entries in all"
            shown = ", ".join(_short(item, digits, None) for item in value[:3])
            return f"[{shown}, ... ({len(value)} entries)]"
        inner = _joined(_short(item, digits, None) for item in value)
        return f"[{inner}]" if type(value) is list else f"({inner}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        items = (f"{clean(str(key)[:MAX_COMPARED])!r}: {_short(item, digits, None)}" for key, item in value.items())
        return "{" + _joined(items) + "}"
    if type(value) is Opaque:
        return " ".join(clean(value.kind).split())
    if type(value) is Picture:
        return "a matplotlib figure"
    return clean(repr(value[:MAX_COMPARED] if type(value) in (str, bytes) else value))


def _short_tensor(value: Tensor, digits: int, cell: tuple[int, ...] | None) -> str:
    if value.ndim and value.numel() > MAX_SHORT_ENTRIES:
        where = f"{_entries(value[cell], digits)} at [{', '.join(map(str, cell))}], " if cell is not None else ""
        return f"{where}a tensor of shape {tuple(value.shape)}" if where else _many(value, digits)
    extra = "" if value.dtype.is_floating_point or value.numel() == 0 else f" ({value.dtype})"
    return (_entries(value, digits) if value.numel() else f"an empty tensor of shape {tuple(value.shape)}") + extra


def _joined(texts: Iterable[str]) -> str:
    """Join texts with commas, up to about MAX_COMPARED characters."""
    taken: list[str] = []
    rest = MAX_COMPARED
    for text in texts:
        if rest < 0:
            break
        taken.append(text)
        rest -= len(text)
    return ", ".join(taken)


def _many(tensor: Tensor, digits: int) -> str:
    start = ", ".join(_entries(entry, digits) for entry in tensor.flatten()[:4])
    return f"[{start}, ...], a tensor of shape {tuple(tensor.shape)}"


def _entries(tensor: Tensor, digits: int) -> str:
    if tensor.ndim:
        return f"[{', '.join(_entries(part, digits) for part in tensor)}]"
    value = tensor.item()
    return _number(value, digits) if type(value) is float else str(value)


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return f"{text}." if text.lstrip("-").isdigit() else text
