"""The only protocol between the grader and a student's code: length-prefixed msgpack of plain data.

A frame is a four-byte length and a msgpack document. Containers and numbers are encoded natively, everything else as
an extension type, so no key or value that a student chooses is ever read as a type tag. Both sides test ``type(value)
is``: an instance of a subclass, which could lie about itself, is sent as its type's name only. A subclass of dict, list
or tuple is sent as its contents, read with the methods of its base class, so that overrides have no effect. Pickle is
not used in either direction.
"""

import math
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import ormsgpack
import torch
from torch import Tensor

from grader.sandbox import arrays
from grader.sandbox.figure import Axes, Curve, Mesh, Picture

MAX_VALUE = 2**20
"""Bytes of one encoded value. An answer of this size decodes to at most about 80 MB of lists."""
MAX_FRAME = MAX_VALUE + 2**16
"""Bytes of one frame: a value and its metadata."""
MAX_DEPTH = 32
MAX_PARTS = 20_000
"""Lists, tuples, dicts, tensors and other parts of a value, except numbers and strings."""
MAX_DIMENSIONS = 8
MAX_ENTRIES = 2**20
"""The product of a tensor's nonzero sizes: an empty tensor of shape (2**40, 0) still has rows."""
MAX_BIGINT_BYTES = 512

DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float64,
        torch.float32,
        torch.float16,
        torch.bfloat16,
        torch.int64,
        torch.int32,
        torch.int16,
        torch.int8,
        torch.uint8,
        torch.bool,
        torch.complex64,
        torch.complex128,
    )
}

TENSOR, ARRAY = "a tensor", "an array"
_TOO_MANY = f"holds more than {MAX_PARTS:,} lists, tensors and other parts"
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_TEXTS = ("title", "xlabel", "ylabel", "zlabel", "projection")
_TENSOR, _TUPLE, _COMPLEX, _BIGINT, _PICTURE, _OPAQUE, _ARRAY = range(1, 8)
_PASS_TO_DEFAULT = (
    ormsgpack.OPT_PASSTHROUGH_TUPLE
    | ormsgpack.OPT_PASSTHROUGH_SUBCLASS
    | ormsgpack.OPT_PASSTHROUGH_DATACLASS
    | ormsgpack.OPT_PASSTHROUGH_DATETIME
    | ormsgpack.OPT_PASSTHROUGH_ENUM
    | ormsgpack.OPT_PASSTHROUGH_UUID
    | ormsgpack.OPT_PASSTHROUGH_BIG_INT
    | ormsgpack.OPT_REPLACE_SURROGATES
)


class WireError(Exception):
    """A frame is too large, or is not valid data of this protocol."""


@dataclass(frozen=True)
class Opaque:
    """A value that is not plain data: only the name of its type is known."""

    kind: str


def encode(value: object, limit: int = MAX_VALUE) -> bytes:
    """Return the document of a value; parts that are not plain data become `Opaque`.

    Raises WireError if the value is too large, nested too deeply, or contains itself.
    """
    refused: list[WireError] = []

    def as_extension(part: Any) -> Any:
        try:
            return _as_extension(part)
        except WireError as error:
            # ormsgpack reports only that a part cannot be encoded, not why.
            refused.append(error)
            raise

    try:
        document = ormsgpack.packb(value, as_extension, _PASS_TO_DEFAULT)
    except ormsgpack.MsgpackEncodeError as error:
        raise (refused[0] if refused else WireError(f"cannot be read: {error}")) from None
    if len(document) > limit:
        raise WireError(f"is {len(document):,} bytes; the limit is {limit:,}")
    return document


def decode(document: bytes) -> Any:
    """Return the value of a document; raises WireError for anything that `encode` does not write."""
    value = _decode(document, 0, iter(range(MAX_PARTS)))
    _check_nesting(value)
    return value


def send(channel: socket.socket, document: bytes) -> None:
    """Write one frame, blocking until it is written."""
    channel.sendall(struct.pack(">I", len(document)) + document)


def receive(channel: socket.socket, limit: int = MAX_FRAME) -> bytes | None:
    """Read one frame, blocking until it is complete; None at the end of the stream, WireError if it is too long."""
    head = _receive_exactly(channel, 4)
    if head is None:
        return None
    return _receive_exactly(channel, frame_length(head, limit))


def frame_length(head: bytes, limit: int = MAX_FRAME) -> int:
    """Return the length in the first four bytes of a frame."""
    length = int(struct.unpack(">I", head)[0])
    if length > limit:
        raise WireError(f"a frame of {length:,} bytes exceeds the limit of {limit:,}")
    return length


def _receive_exactly(channel: socket.socket, size: int) -> bytes | None:
    received = bytearray()
    while len(received) < size:
        part = channel.recv(size - len(received))
        if not part:
            return None
        received += part
    return bytes(received)


def _as_extension(value: Any) -> Any:
    """Return the extension of a value that is not exactly of a plain type; ormsgpack calls this."""
    kind = type(value)
    if issubclass(kind, tuple):
        return ormsgpack.Ext(_TUPLE, encode(list(tuple.__iter__(value))))
    if issubclass(kind, list):
        return list(list.__iter__(value))
    if issubclass(kind, dict):
        return dict(dict.items(value))
    if kind in _EXTENSIONS:
        return _EXTENSIONS[kind](value)
    if kind is int:
        size = (value.bit_length() + 8) // 8
        if size > MAX_BIGINT_BYTES:
            return _opaque("an int of more than 1000 digits")
        return ormsgpack.Ext(_BIGINT, value.to_bytes(size, "big", signed=True))
    if kind in arrays.SCALARS:
        return value.item()
    return _opaque(type_name(kind))


def type_name(kind: type) -> str:
    """Return a type's name, with its module unless that is obvious; at most 100 characters."""
    try:
        # The slots of `type` itself: a metaclass may have properties of these names.
        module, name = (type.__dict__[slot].__get__(kind) for slot in ("__module__", "__qualname__"))
    except AttributeError:
        return "object"  # a type created without a module
    if type(module) is not str or type(name) is not str:
        return "object"
    return (name if module in ("builtins", "__main__") else f"{module}.{name}")[:100]


def _opaque(kind: str) -> ormsgpack.Ext:
    return ormsgpack.Ext(_OPAQUE, kind.encode(errors="replace"))


def _tensor_extension(tensor: Any) -> ormsgpack.Ext:
    if tensor.is_nested:
        return _opaque("a nested tensor")
    if tensor.layout is not torch.strided:
        return _opaque(f"a sparse tensor ({tensor.layout})")
    if not tensor.is_cpu:
        return _opaque(f"a tensor on the device {tensor.device}")
    name = _NAMES.get(tensor.dtype)
    if name is None:
        return _opaque(f"a tensor of dtype {tensor.dtype}")
    # Checked before the data is copied: an expanded tensor can be huge without using memory.
    _check_shape(tensor.shape, tensor.element_size(), TENSOR)
    plain = tensor.detach() if tensor.requires_grad else tensor
    if plain.is_conj() or plain.is_neg():
        plain = plain.resolve_conj().resolve_neg()
    if plain.dtype is torch.bfloat16:
        plain = plain.view(torch.int16)  # NumPy lacks bfloat16; the bytes are the same
    content = plain.numpy().tobytes()  # in row order, whatever the strides
    head = [name, list(tensor.shape), bool(tensor.requires_grad), content]
    return ormsgpack.Ext(_TENSOR, ormsgpack.packb(head))


def _array_extension(array: np.ndarray[Any, Any]) -> ormsgpack.Ext:
    name = arrays.name_of(array)
    if name is None:
        return _opaque(arrays.refusal(array))
    # Checked before the data is copied: a broadcast array can be huge without using memory.
    _check_shape(array.shape, array.itemsize, ARRAY)
    return ormsgpack.Ext(_ARRAY, ormsgpack.packb([name, list(array.shape), array.tobytes()]))


_EXTENSIONS: dict[type, Callable[[Any], Any]] = {
    Tensor: _tensor_extension,
    torch.nn.Parameter: _tensor_extension,
    np.ndarray: _array_extension,
    complex: lambda value: ormsgpack.Ext(_COMPLEX, struct.pack(">dd", value.real, value.imag)),
    Picture: lambda value: ormsgpack.Ext(_PICTURE, encode(_picture_to_list(value))),
}
"""By exact type: what makes its extension."""


def _decode(document: bytes, depth: int, parts: Iterator[int]) -> Any:  # noqa: C901  one line for each extension type
    """Return the value of a part; ``parts`` yields once for each further part allowed."""
    if depth > MAX_DEPTH:
        raise WireError("is nested too deeply")

    refused: list[WireError] = []

    def from_extension(tag: int, content: bytes) -> Any:
        try:
            return read(tag, content)
        except WireError as error:
            refused.append(error)
            raise

    def read(tag: int, content: bytes) -> Any:
        if next(parts, None) is None:
            raise WireError(_TOO_MANY)
        if tag == _TUPLE:
            return tuple(_expect(list, _decode(content, depth + 1, parts)))
        if tag == _TENSOR:
            return _tensor(content)
        if tag == _ARRAY:
            return _array(content)
        if tag == _COMPLEX and len(content) == 16:
            return complex(*struct.unpack(">dd", content))
        if tag == _BIGINT and len(content) <= MAX_BIGINT_BYTES:
            return int.from_bytes(content, "big", signed=True)
        if tag == _PICTURE:
            return _picture(_decode(content, depth + 1, parts))
        if tag == _OPAQUE:
            return Opaque(content.decode(errors="replace")[:200])
        raise WireError(f"holds an unknown extension type {tag}")

    try:
        return ormsgpack.unpackb(document, ext_hook=from_extension)
    except (ValueError, TypeError, OverflowError, RuntimeError, struct.error, WireError) as error:
        raise (refused[0] if refused else WireError(f"is not a message of the grader's protocol: {error}")) from None


def _check_nesting(value: Any) -> None:
    """Raise WireError if containers are too deep or too many: later code may recurse into the value."""
    layer, seen = [value], 0
    for _ in range(MAX_DEPTH):
        containers = [part for part in layer if type(part) in (list, tuple, dict)]
        seen += len(containers)
        if seen > MAX_PARTS:
            raise WireError(_TOO_MANY)
        if not containers:
            return
        layer = [item for part in containers for item in (part.values() if type(part) is dict else part)]
    raise WireError("is nested too deeply")


def _tensor(content: bytes) -> Tensor:
    head = _expect(list, ormsgpack.unpackb(content))
    if len(head) != 4:
        raise WireError("holds a tensor with an invalid header")
    name, shape, requires_grad, data = _expect(str, head[0]), _expect(list, head[1]), head[2], _expect(bytes, head[3])
    dtype = DTYPES.get(name)
    if dtype is None:
        raise WireError("holds a tensor of an unknown dtype")
    if not _require_fitting(shape, dtype.itemsize, data, TENSOR):
        tensor = torch.zeros(shape, dtype=dtype)
    elif dtype is torch.bool:
        # Any byte but 0 and 1 is not a valid C++ bool.
        tensor = (torch.frombuffer(bytearray(data), dtype=torch.uint8) != 0).reshape(shape)
    else:
        tensor = torch.frombuffer(bytearray(data), dtype=dtype)
        if len(shape) != 1:
            tensor = tensor.reshape(shape)
    return (
        tensor.requires_grad_() if requires_grad is True and (dtype.is_floating_point or dtype.is_complex) else tensor
    )


def _array(content: bytes) -> np.ndarray[Any, Any]:
    """Return an array that owns its memory."""
    head = _expect(list, ormsgpack.unpackb(content))
    if len(head) != 3:
        raise WireError("holds an array with an invalid header")
    name, shape, data = _expect(str, head[0]), _expect(list, head[1]), _expect(bytes, head[2])
    dtype = arrays.DTYPES.get(name)
    if dtype is None:
        raise WireError("holds an array of an unknown dtype")
    if not _require_fitting(shape, dtype.itemsize, data, ARRAY):
        return np.zeros(shape, dtype)
    if name == "bool":
        return np.frombuffer(data, np.uint8).reshape(shape).astype(bool)
    return np.frombuffer(data, dtype).reshape(shape).copy()


def _require_fitting(shape: list[Any], itemsize: int, data: bytes, what: str) -> int:
    """Return the number of entries; raises WireError for a shape that is invalid, too large, or does not fit."""
    if not all(type(length) is int and length >= 0 for length in shape):
        raise WireError(f"holds {what} with an invalid shape")
    _check_shape(shape, itemsize, what)
    size: int = math.prod(shape)
    if size * itemsize != len(data):
        raise WireError(f"holds {what} whose data does not fit its shape")
    return size


def _check_shape(shape: Sequence[int], itemsize: int, what: str) -> None:
    """Raise WireError if a tensor or an array has too many dimensions, entries or empty rows."""
    if len(shape) > MAX_DIMENSIONS:
        raise WireError(f"holds {what} of {len(shape)} dimensions; the limit is {MAX_DIMENSIONS}")
    if math.prod(shape) * itemsize > MAX_VALUE or math.prod(length or 1 for length in shape) > MAX_ENTRIES:
        raise WireError(f"holds {what} of shape {tuple(shape)}, which is too large to send")


def _expect(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise WireError(f"holds {type_name(type(value))} instead of {type_name(kind)}")
    return value


def _picture_to_list(picture: Picture) -> list[Any]:
    return [
        [
            [
                [getattr(axes, name) for name in _TEXTS],
                [[curve.xs, curve.ys, curve.zs, curve.label] for curve in axes.curves],
                [[mesh.kind, mesh.xs, mesh.ys, mesh.values] for mesh in axes.meshes],
                list(axes.legend),
            ]
            for axes in picture.axes
        ],
        picture.shown,
    ]


def _picture(content: Any) -> Picture:
    """Return a picture whose parts are validated: the worker may have forged its description."""
    all_axes, shown = _expect(list, content)
    return Picture(tuple(_axes(*_expect(list, axes)) for axes in _expect(list, all_axes)), _expect(bool, shown))


def _axes(texts: Any, curves: Any, meshes: Any, legend: Any) -> Axes:
    return Axes(
        **{name: _expect(str, text) for name, text in zip(_TEXTS, _expect(list, texts), strict=True)},
        curves=tuple(_curve(*_expect(list, curve)) for curve in _expect(list, curves)),
        meshes=tuple(_mesh(*_expect(list, mesh)) for mesh in _expect(list, meshes)),
        legend=tuple(_expect(str, text) for text in _expect(list, legend)),
    )


def _curve(xs: Any, ys: Any, zs: Any, label: Any) -> Curve:
    heights = None if zs is None else _expect(Tensor, zs)
    curve = Curve(_expect(Tensor, xs), _expect(Tensor, ys), heights, _expect(str, label))
    if not curve.is_sound():
        raise WireError("holds a curve whose coordinates do not fit each other")
    return curve


def _mesh(kind: Any, xs: Any, ys: Any, values: Any) -> Mesh:
    mesh = Mesh(_expect(str, kind), _expect(Tensor, xs), _expect(Tensor, ys), _expect(Tensor, values))
    if not mesh.is_sound():
        raise WireError("holds a mesh whose coordinates do not fit its values")
    return mesh
