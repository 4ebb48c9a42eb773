"""Convert a returned value to the expected kind, or refuse it with a sentence that helps.

Conversion is as lenient as the meaning allows: a path may be a list of tuples, a list of lists or one tensor; a float
may be a 0-d tensor. After `coerce`, a check can compute with a value without inspecting it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.authoring import LARGEST, CheckFailed
from grader.feedback.tensor_diff import explain
from grader.sandbox import arrays
from grader.sandbox.figure import Picture
from grader.sandbox.wire import Opaque
from grader.text import clean

MAX_NUMERIC = 10_000
"""A list of more entries with a wrong length is not explained further."""
MAX_KEY = 100
"""Characters shown of a key."""
_ADVICE = {
    "numpy.matrix": "Convert it with `np.asarray(...)`.",
    "numpy.ma.MaskedArray": "Convert it with `np.asarray(...)`.",
    "module": "Return a value, not a module: for a plot the figure, not `plt`.",
    "generator": "Convert it with `list(...)`, or use `return` instead of `yield`.",
    "coroutine": "Write a plain `def`: calling an `async def` only creates a coroutine.",
    "function": "Call the function with `(...)` and return its result.",
    "builtin_function_or_method": "Call the method with `()`, as in `.mean()`.",
    "method": "Call the method with `()`, as in `.mean()`.",
}
_ITERABLE = frozenset(
    {"set", "frozenset", "range", "map", "filter", "zip", "dict_values", "dict_keys", "collections.deque"}
)
_NAMES = {
    Tensor: "a tensor",
    np.ndarray: "an array",
    float: "a float",
    int: "an int",
    bool: "a bool",
    str: "a string",
    bytes: "bytes",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
    complex: "a complex number",
    Picture: "a matplotlib figure",
    type(None): "None",
}

Sizes = dict[str, int] | None


def coerce(value: Any, wanted: Any, sizes: Sizes = None, where: str = "") -> Any:
    """Return the value converted to the kind of ``wanted``; raises CheckFailed for another kind or shape.

    ``sizes`` are the named sizes of the call's arguments, for the explanation. Without them the message explains
    nothing: a search compares thousands of values. ``where`` is the path to this part of a nested value.
    """
    kind = type(wanted)
    if value is None and wanted is not None and not where:
        text = "Your function returned None: it has no `return` at its end, or returns None there."
        raise CheckFailed(text, value, wanted)
    if kind in _CONVERSIONS:
        return _CONVERSIONS[kind](value, wanted, sizes, where)
    if type(value) in (Tensor, np.ndarray) and kind in (float, int, bool) and value.ndim == 0:
        value = value.item()
    if kind is float and type(value) is int and abs(value) < LARGEST:
        value = float(value)
    if type(value) is not kind:
        raise _wrong_kind(value, wanted, where)
    return value


def _as_tensor(returned: Any, wanted: Tensor, sizes: Sizes, where: str) -> Tensor:
    if type(returned) is int and abs(returned) < LARGEST and wanted.ndim == 0:
        returned = float(returned) if wanted.dtype.is_floating_point else returned
    if type(returned) is float and wanted.ndim == 0 and wanted.dtype.is_floating_point:
        returned = torch.tensor(returned, dtype=torch.float64)
    if type(returned) is not Tensor:
        raise _wrong_kind(returned, wanted, where)
    value: Tensor = returned.detach()
    if value.shape != wanted.shape:
        raise CheckFailed(_shapes(value, wanted.detach(), sizes, where), value, wanted)
    if _family(value.dtype) != _family(wanted.dtype):
        text = _explained(value, wanted.detach(), sizes, where)
        dtypes = f"Your tensor{_at(where)} has dtype {value.dtype}, expected {wanted.dtype}."
        raise CheckFailed(text if "dtype" in text else f"{dtypes} {text}".strip(), value, wanted)
    return value


def _as_array(returned: Any, wanted: np.ndarray[Any, Any], sizes: Sizes, where: str) -> Any:
    """Return an array of the shape and the kind of numbers of another; its tensors are compared."""
    if type(returned) is not np.ndarray and not (type(returned) in (int, float) and wanted.ndim == 0):
        raise _wrong_kind(returned, wanted, where)
    try:
        value = _as_tensor(arrays.tensors_of(returned), arrays.tensors_of(wanted), sizes, where)
    except CheckFailed as error:
        raise CheckFailed(arrays.of_arrays(error.message), returned, wanted) from None
    return arrays.arrays_of(value) if type(value) is Tensor else np.array(value, wanted.dtype)


def _as_sequence(value: Any, wanted: Any, sizes: Sizes, where: str) -> Any:
    if type(value) is np.ndarray:
        if _numeric(wanted) is None:
            raise _wrong_kind(value, wanted, where)
        try:
            return _sequence_of_tensor(arrays.tensors_of(value), wanted, sizes, where)
        except CheckFailed as error:
            raise CheckFailed(arrays.of_arrays(error.message), value, wanted) from None
    if type(value) is Tensor:
        return _sequence_of_tensor(value, wanted, sizes, where)
    if type(value) not in (list, tuple):
        raise _wrong_kind(value, wanted, where)
    if len(value) != len(wanted):
        returned, expected = _numeric(value), _numeric(wanted)
        text = f"Your {type(value).__name__}{_at(where)} has {_count(len(value))}, expected {len(wanted)}."
        if returned is not None and expected is not None:
            text = _with_explanation(text, returned, expected, sizes, where)
        raise CheckFailed(text, value, wanted)
    if {float} == set(map(type, wanted)) == set(map(type, value)):
        return type(wanted)(value)
    items = [
        coerce(item, like, sizes, f"{where}[{i}]") for i, (item, like) in enumerate(zip(value, wanted, strict=True))
    ]
    return tuple(items) if type(wanted) is tuple else items


def _as_dict(value: Any, wanted: dict[Any, Any], sizes: Sizes, where: str) -> Any:
    if type(value) is not dict:
        raise _wrong_kind(value, wanted, where)
    absent, extra = [key for key in wanted if key not in value], [key for key in value if key not in wanted]
    if absent or extra:
        key = clean(str(extra[0])[:MAX_KEY]) if not absent else ""
        text = f"has no key {absent[0]!r}" if absent else f"has an unexpected key {key!r}"
        raise CheckFailed(f"Your dict{_at(where)} {text}.", value, wanted)
    return {key: coerce(value[key], item, sizes, f"{where}[{key!r}]") for key, item in wanted.items()}


_CONVERSIONS: dict[type, Callable[[Any, Any, Sizes, str], Any]] = {
    Tensor: _as_tensor,
    np.ndarray: _as_array,
    list: _as_sequence,
    tuple: _as_sequence,
    dict: _as_dict,
}
"""By the kind that is expected."""


def _sequence_of_tensor(value: Tensor, wanted: Any, sizes: Sizes, where: str) -> Any:
    expected = _numeric(wanted)
    if expected is None:
        raise _wrong_kind(value, wanted, where)
    value = value.detach()
    if value.shape != expected.shape and not value.shape[:1] == expected.shape[:1] == (0,):
        raise CheckFailed(_shapes(value, expected, sizes, where), value, wanted)
    return coerce(value.tolist(), wanted, sizes, where)


def _shapes(value: Tensor, wanted: Tensor, sizes: Sizes, where: str) -> str:
    """Describe a tensor of another shape."""
    text = f"Your tensor{_at(where)} has shape {tuple(value.shape)}, expected {tuple(wanted.shape)}."
    return _with_explanation(text, value, wanted, sizes, where)


def _with_explanation(text: str, value: Tensor, wanted: Tensor, sizes: Sizes, where: str) -> str:
    """Return a text about two shapes, with what the explainer adds to it."""
    explanation = _explained(value, wanted, sizes, where)
    if not explanation:
        return text
    if explanation.startswith("Your result") and explanation.endswith(f"expected {tuple(wanted.shape)}."):
        return text  # the explanation adds nothing
    return explanation if str(tuple(value.shape)) in explanation else f"{text} {explanation}"


def _explained(value: Tensor, wanted: Tensor, sizes: Sizes, where: str) -> str:
    """Describe the difference, with the path to this part of the result."""
    if sizes is None:
        return ""
    return explain(value, wanted, sizes).replace("Your result", f"Your result{_at(where)}", 1)


def _numeric(value: Any) -> Tensor | None:
    """Return a nested sequence of numbers as a tensor; None where it is large, ragged or holds anything else."""
    if type(value) is Tensor:
        return value.detach().to(torch.float64) if not value.dtype.is_complex else None
    if type(value) in (list, tuple) and len(value) > MAX_NUMERIC:
        return None
    try:
        return torch.tensor(_plain(value), dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _plain(value: Any) -> Any:
    """Return the value with 0-d tensors as numbers; raises TypeError for anything but numbers."""
    if type(value) in (list, tuple):
        return [_plain(item) for item in value]
    if type(value) is Tensor and value.ndim == 0 and not value.dtype.is_complex:
        return value.item()
    if type(value) is np.ndarray and value.ndim == 0 and value.dtype.kind != "c":
        return _plain(value.item())
    if type(value) not in (float, int):
        raise TypeError
    return value


def _wrong_kind(value: Any, wanted: Any, where: str) -> CheckFailed:
    expected = _NAMES.get(type(wanted), type(wanted).__name__)
    # The name of a class may hold any text, even a line that looks like one of the report.
    opaque = " ".join(clean(_named(value.kind)).split()) if type(value) is Opaque else ""
    got = opaque or _NAMES.get(type(value), type(value).__name__)
    advice = _ADVICE.get(value.kind, "") if type(value) is Opaque else ""
    if type(value) is Opaque and value.kind.startswith(("an array", "a structured array")):
        expected, advice = f"{expected} of plain numbers", "Convert it, for example with `.astype(float)`."
    if type(value) is np.ndarray:
        got, advice = _array_instead(value, wanted)
    elif type(value) is Tensor and type(wanted) is np.ndarray:
        advice = "Convert it with `.numpy()`."
    elif type(value) is list and type(wanted) is np.ndarray:
        advice = "Use `np.array(...)`."
    elif type(value) is Opaque and value.kind in _ITERABLE and type(wanted) in (list, tuple):
        advice = f"Convert it with `{type(wanted).__name__}(...)`."
    elif type(value) is list and type(wanted) is Tensor:
        advice = "Use `torch.tensor(...)` for a list of numbers, and `torch.stack(...)` for a list of tensors."
    elif type(value) is Tensor and type(wanted) in (float, int, bool):
        got = f"a tensor of shape {tuple(value.shape)}"
        advice = "Use `.item()`." if value.numel() == 1 else ""
    text = f"Your function returned {got}{_at(where)}, expected {expected}. {advice}".strip()
    return CheckFailed(text, value, wanted)


def _array_instead(value: np.ndarray[Any, Any], wanted: Any) -> tuple[str, str]:
    """Return what an array is in the place of another kind of value, and how to convert it."""
    if type(wanted) is Tensor:
        return "an array", "Convert it with `torch.from_numpy(...)`."
    if type(wanted) in (float, int, bool):
        return f"an array of shape {value.shape}", "Use `.item()`." if value.size == 1 else ""
    return "an array", "Convert it with `.tolist()`." if type(wanted) in (list, tuple) else ""


def _named(kind: str) -> str:
    if kind.startswith(("a ", "an ")):
        return kind
    return f"{'an' if kind[:1].lower() in 'aeio' else 'a'} {kind}"


def _family(dtype: torch.dtype) -> str:
    if dtype.is_complex:
        return "complex"
    if dtype.is_floating_point:
        return "float"
    return "bool" if dtype is torch.bool else "int"


def _at(where: str) -> str:
    return f" at {where}" if where else ""


def _count(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"
