"""Whether a returned value is of the kind that is asked, and the value as that kind.

Graded as kindly as the meaning allows: a path is right as a list of tuples, as a list of lists or as one tensor; a
float is right as a tensor without dimensions. After `coerce` a check can compute with a value without looking at it.
"""

from typing import Any

import torch
from torch import Tensor

from grader.authoring import LARGEST, CheckFailed
from grader.feedback.tensor_diff import explain
from grader.sandbox.figure import Picture
from grader.sandbox.wire import Opaque
from grader.text import clean

MAX_NUMERIC = 10_000
"""Entries of a list that are looked at to explain why its length is wrong."""
MAX_KEY = 100
"""Characters of a key that are shown."""
_ADVICE = {
    "numpy.ndarray": "Make a tensor of it before you return it: torch.from_numpy(...).",
    "module": "A module is no value: return the figure, not `plt`.",
    "generator": "A generator has computed nothing yet: make a list of it, or use `return` instead of `yield`.",
    "coroutine": "An `async def` computes nothing by itself: write a plain `def`.",
    "function": "Call the function with (...), so that its result is returned.",
    "builtin_function_or_method": "A method needs () to be called, for example `.mean()`.",
    "method": "A method needs () to be called, for example `.mean()`.",
}
_ITERABLE = frozenset(
    {"set", "frozenset", "range", "map", "filter", "zip", "dict_values", "dict_keys", "collections.deque"}
)
_NAMES = {
    Tensor: "a tensor",
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


def coerce(value: Any, wanted: Any, sizes: dict[str, int], where: str = "") -> Any:
    """Return the value in the kind of ``wanted``; raises CheckFailed where its kind or shape is another.

    ``sizes`` are the named sizes of the call's arguments, for the explanation; ``where`` names the part of a nested
    value that is looked at.
    """
    kind = type(wanted)
    if value is None and wanted is not None:
        step = "None is no value here." if where else "Is there a `return` at its end?"
        raise CheckFailed(f"Your function returned None{_at(where)}. {step}", value, wanted)
    if kind is Tensor:
        return _as_tensor(value, wanted, sizes, where)
    if kind in (list, tuple):
        return _as_sequence(value, wanted, sizes, where)
    if kind is dict:
        if type(value) is not dict:
            raise _wrong_kind(value, wanted, where)
        absent, extra = [key for key in wanted if key not in value], [key for key in value if key not in wanted]
        if absent or extra:
            texts = (
                [f"the key {absent[0]!r} is missing"]
                if absent
                else [f"the key {clean(str(extra[0])[:MAX_KEY])!r} is not asked"]
            )
            raise CheckFailed(f"In the dict that your function returned, {texts[0]}.", value, wanted)
        return {key: coerce(value[key], item, sizes, f"{where}[{key!r}]") for key, item in wanted.items()}
    if type(value) is Tensor and kind in (float, int, bool) and value.ndim == 0:
        value = value.item()
    if kind is float and type(value) is int and abs(value) < LARGEST:
        value = float(value)
    if type(value) is not kind:
        raise _wrong_kind(value, wanted, where)
    return value


def _as_tensor(returned: Any, wanted: Tensor, sizes: dict[str, int], where: str) -> Tensor:
    if type(returned) is int and abs(returned) < LARGEST and wanted.ndim == 0:
        returned = float(returned) if wanted.dtype.is_floating_point else returned
    if type(returned) is float and wanted.ndim == 0 and wanted.dtype.is_floating_point:
        returned = torch.tensor(returned, dtype=torch.float64)
    if type(returned) is not Tensor:
        raise _wrong_kind(returned, wanted, where)
    value: Tensor = returned.detach()
    if value.shape != wanted.shape:
        text = _explained(value, wanted.detach(), sizes, where) or "The shape is another."
        shapes = f"Your tensor{_at(where)} has the shape {tuple(value.shape)}, and {tuple(wanted.shape)} is asked."
        raise CheckFailed(text if str(tuple(value.shape)) in text else f"{shapes} {text}", value, wanted)
    if _family(value.dtype) != _family(wanted.dtype):
        text = _explained(value, wanted.detach(), sizes, where)
        dtypes = f"Your tensor{_at(where)} has the dtype {value.dtype}, and {wanted.dtype} is asked."
        raise CheckFailed(
            text if "dtype" in text or str(value.dtype) in text else f"{dtypes} {text}".strip(), value, wanted
        )
    return value


def _as_sequence(value: Any, wanted: Any, sizes: dict[str, int], where: str) -> Any:
    if type(value) is Tensor:
        return _sequence_of_tensor(value, wanted, sizes, where)
    if type(value) not in (list, tuple):
        raise _wrong_kind(value, wanted, where)
    if len(value) != len(wanted):
        returned, asked = _numeric(value), _numeric(wanted)
        text = _explained(returned, asked, sizes, where) if returned is not None and asked is not None else ""
        if returned is not None and asked is not None and text.endswith(f" {tuple(asked.shape)} is wanted."):
            text = ""  # it only counts the entries, and that is said already
        are = "is" if len(wanted) == 1 else "are"
        lengths = f"Your {type(value).__name__}{_at(where)} has {_count(len(value))}, and {len(wanted)} {are} asked."
        raise CheckFailed(f"{lengths} {text}".strip(), value, wanted)
    if {float} == set(map(type, wanted)) == set(map(type, value)):
        return type(wanted)(value)
    items = [
        coerce(item, like, sizes, f"{where}[{i}]") for i, (item, like) in enumerate(zip(value, wanted, strict=True))
    ]
    return tuple(items) if type(wanted) is tuple else items


def _sequence_of_tensor(value: Tensor, wanted: Any, sizes: dict[str, int], where: str) -> Any:
    asked = _numeric(wanted)
    if asked is None:
        raise _wrong_kind(value, wanted, where)
    value = value.detach()
    if value.shape != asked.shape and not value.shape[:1] == asked.shape[:1] == (0,):
        shapes = f"Your tensor{_at(where)} has the shape {tuple(value.shape)}, and {tuple(asked.shape)} is asked."
        raise CheckFailed(f"{shapes} {_explained(value, asked, sizes, where)}".strip(), value, wanted)
    return coerce(value.tolist(), wanted, sizes, where)


def _explained(value: Tensor, wanted: Tensor, sizes: dict[str, int], where: str) -> str:
    """Return what the difference looks like, and of which part of the result it speaks."""
    return explain(value, wanted, sizes).replace("Your result", f"Your result{_at(where)}", 1)


def _numeric(value: Any) -> Tensor | None:
    """Return a nested sequence of numbers as a tensor, or None where it is no small rectangle of plain numbers."""
    if type(value) is Tensor:
        return value.detach().to(torch.float64) if not value.dtype.is_complex else None
    if type(value) in (list, tuple) and len(value) > MAX_NUMERIC:
        return None
    try:
        return torch.tensor(_plain(value), dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _plain(value: Any) -> Any:
    """Return the value with tensors without dimensions as numbers; raises TypeError for anything but numbers."""
    if type(value) in (list, tuple):
        return [_plain(item) for item in value]
    if type(value) is Tensor and value.ndim == 0 and not value.dtype.is_complex:
        return value.item()
    if type(value) not in (float, int):
        raise TypeError
    return value


def _wrong_kind(value: Any, wanted: Any, where: str) -> CheckFailed:
    asked = _NAMES.get(type(wanted), type(wanted).__name__)
    # A class can be called anything, also like a line of a report.
    opaque = " ".join(clean(_named(value.kind)).split()) if type(value) is Opaque else ""
    got = opaque or _NAMES.get(type(value), type(value).__name__)
    advice = _ADVICE.get(value.kind, "") if type(value) is Opaque else ""
    if type(value) is Opaque and value.kind == "numpy.ndarray" and type(wanted) is not Tensor:
        advice = "`.tolist()` makes plain Python numbers of it."
    elif type(value) is Opaque and value.kind in _ITERABLE and type(wanted) in (list, tuple):
        advice = f"Make {asked} of it before you return it: {type(wanted).__name__}(...)."
    elif type(value) is list and type(wanted) is Tensor:
        advice = "Make a tensor of it before you return it: torch.tensor(...) or torch.stack(...)."
    elif type(value) is Tensor and type(wanted) in (float, int, bool):
        got = f"a tensor of shape {tuple(value.shape)}"
        advice = f"Its `.item()` is {asked}." if value.numel() == 1 else ""
    return CheckFailed(f"Your function returned {got}{_at(where)}, expected {asked}. {advice}".strip(), value, wanted)


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
