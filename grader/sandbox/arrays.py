"""Arrays of NumPy: which of them are plain data, and how they stand for tensors and tensors for them.

The feedback computes with tensors alone. Arrays become tensors where a call is recorded, and tensors become arrays
again where a function is called or a value is shown: no other module tells the two apart.
"""

import re
from typing import Any

import numpy as np
import torch
from torch import Tensor

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("float64", "float32", "float16"),
        *("int64", "int32", "int16", "int8", "uint8"),
        *("bool", "complex64", "complex128"),
    )
}
"""The dtypes that arrays and tensors share, in the byte order of this machine."""
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
SCALARS = {np.dtype(name).type for name in DTYPES}
"""The types of NumPy's numbers, which are read as Python's."""


def name_of(array: np.ndarray[Any, Any]) -> str | None:
    """Return the name of an array's dtype, or None if it is not plain data."""
    return _NAMES.get(array.dtype) if array.dtype.isnative else None


def refusal(array: np.ndarray[Any, Any]) -> str:
    """Return what an array is whose dtype is not plain data, in words."""
    if array.dtype.names is not None:
        return "a structured array"
    order = "" if array.dtype.isnative or array.dtype.byteorder == "|" else " in foreign byte order"
    return f"an array of dtype {array.dtype.name}{order}"[:100]


def tensors_of(value: Any) -> Any:
    """Return a value with a tensor in the place of each plain array; what has none is returned as it is."""
    kind = type(value)
    if kind is np.ndarray:
        return torch.from_numpy(np.array(value, order="C")) if name_of(value) else value
    if kind in (list, tuple) and _may_hold(value):
        return kind(map(tensors_of, value))
    if kind is dict and _may_hold(value.values()):
        return {key: tensors_of(part) for key, part in value.items()}
    return value


def arrays_of(value: Any) -> Any:
    """Return a value with an array in the place of each tensor that can be one; the reverse of `tensors_of`."""
    kind = type(value)
    if kind is Tensor:
        return value.detach().numpy().copy() if value.dtype is not torch.bfloat16 else value
    if kind in (list, tuple):
        return kind(map(arrays_of, value))
    if kind is dict:
        return {key: arrays_of(part) for key, part in value.items()}
    return value


def has_arrays(value: Any) -> bool:
    """Whether a value is an array or holds one."""
    if type(value) is np.ndarray:
        return True
    parts = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return bool(parts) and _may_hold(parts) and any(map(has_arrays, parts))


def of_arrays(text: str) -> str:
    """Return a sentence about tensors as one about arrays."""
    return re.sub(r"\btensor", "array", text.replace("a tensor", "an array")).replace("torch.", "")


_PLAIN = frozenset({float, int, bool, str, complex, Tensor, type(None)})


def _may_hold(parts: Any) -> bool:
    """Whether any part is more than a number, a text or a tensor: most values need no closer look."""
    return not _PLAIN.issuperset(map(type, parts))
