"""The wire: every value of the protocol comes back as it was, everything else is refused or travels as a name."""

import collections
import contextlib
import copy
import datetime
import decimal
import enum
import math
import re
import resource
import socket
import struct
import sys
import threading
import types
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import ormsgpack
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.engine import agreement
from grader.sandbox import wire
from grader.sandbox.figure import MESH_METHODS, Axes, Curve, Mesh, Picture
from grader.sandbox.wire import Opaque, WireError

some = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DTYPES = list(wire.DTYPES.values())


def there_and_back(value: object) -> Any:
    """Return what the other side receives."""
    return wire.decode(wire.encode(value))


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal in type and to the last bit; nan is nan, and -0.0 is not 0.0."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Tensor):
        heads = [(tensor.dtype, tensor.shape, tensor.requires_grad) for tensor in (left, right)]
        return heads[0] == heads[1] and same(left.detach().tolist(), right.detach().tolist())
    if isinstance(left, (float, complex)):
        return repr(left) == repr(right)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def is_plain(value: Any) -> bool:
    """Whether a value consists of nothing but what the protocol carries."""
    if type(value) in (list, tuple):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(type(key) is str for key in value) and all(map(is_plain, value.values()))
    if type(value) is Tensor:
        return value.dtype in DTYPES and value.device.type == "cpu" and value.layout is torch.strided and value.is_leaf
    return value is None or type(value) in (bool, int, float, complex, str, bytes, Opaque, Picture)


def tensor_of(dtype: torch.dtype, shape: list[int], content: bytes) -> Tensor:
    """Return a tensor of any bit pattern; only a bool has patterns that it cannot have."""
    if not content:
        return torch.zeros(shape, dtype=dtype)
    if dtype is torch.bool:
        return torch.tensor([byte % 2 == 1 for byte in content]).reshape(shape)
    return torch.frombuffer(bytearray(content), dtype=dtype).reshape(shape)


VIEWS: dict[str, Callable[[Tensor], Tensor]] = {
    "itself": lambda tensor: tensor,
    "transposed": lambda tensor: tensor.permute(tuple(reversed(range(tensor.ndim)))),
    "every second": lambda tensor: tensor[::2] if tensor.ndim else tensor,
    "without its first": lambda tensor: tensor[1:] if tensor.ndim else tensor,
    "one column": lambda tensor: tensor[..., :1] if tensor.ndim else tensor,
    "flipped": lambda tensor: tensor.flip(0) if tensor.ndim else tensor,
    "expanded": lambda tensor: tensor.expand(3, *tensor.shape),
    "overlapping": lambda tensor: tensor.unfold(0, 2, 1) if tensor.ndim and len(tensor) > 1 else tensor,
    "conjugated": lambda tensor: tensor.conj(),
    "real part": lambda tensor: tensor.real if tensor.is_complex() else tensor,
    "imaginary part": lambda tensor: tensor.imag if tensor.is_complex() else tensor,
    "negated lazily": lambda tensor: tensor.conj().imag if tensor.is_complex() else tensor,
    "asking for gradients": lambda tensor: tensor.clone().requires_grad_() if _can_require_grad(tensor) else tensor,
}


def _can_require_grad(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    """Draw a tensor of any dtype, shape, content and layout."""
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(st.lists(st.integers(0, 3), max_size=4))
    size = math.prod(shape) * dtype.itemsize
    view = draw(st.sampled_from(sorted(VIEWS)))
    return VIEWS[view](tensor_of(dtype, shape, draw(st.binary(min_size=size, max_size=size))))


def texts() -> st.SearchStrategy[str]:
    """Draw any text that UTF-8 can write."""
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def scalars() -> st.SearchStrategy[Any]:
    """Draw any value of the protocol that holds no others."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.builds(lambda digits, shift: digits << shift, st.integers(-(2**30), 2**30), st.integers(40, 4000)),
        st.sampled_from([2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1]),
        st.floats(),
        st.complex_numbers(),
        texts(),
        st.binary(max_size=20),
        tensors(),
    )


def values() -> st.SearchStrategy[Any]:
    """Draw any value of the protocol, nested in lists, tuples and dicts."""
    return st.recursive(
        scalars(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.lists(inner, max_size=4).map(tuple),
            st.dictionaries(texts(), inner, max_size=4),
        ),
        max_leaves=10,
    )


def tag_of(value: object) -> int:
    """Return the extension type by which a value travels."""
    tags: list[int] = []
    ormsgpack.unpackb(wire.encode(value), ext_hook=lambda tag, _: tags.append(tag))
    return tags[0]


def extension(tag: int, content: bytes) -> bytes:
    """Return the document of an extension, with any of the 256 tags."""
    return struct.pack(">BIb", 0xC9, len(content), tag) + content


def forged(value: object, content: object) -> bytes:
    """Return a document that says of any content that it is of the extension type of ``value``."""
    return extension(tag_of(value), content if type(content) is bytes else ormsgpack.packb(content))


# ---- What is data comes back as it was -------------------------------------------------------------------------------


@many
@given(value=values())
def test_every_value_comes_back_as_it_was(value: Any) -> None:
    assert same(there_and_back(value), _as_received(value))


def _as_received(value: Any) -> Any:
    """Return what a value is on the other side: a tensor without its history, of which only requires_grad is told."""
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if type(value) in (list, tuple):
        return type(value)(map(_as_received, value))
    return {key: _as_received(item) for key, item in value.items()} if type(value) is dict else value


@many
@given(tensor=tensors())
def test_every_tensor_comes_back_as_it_was(tensor: Tensor) -> None:
    received = there_and_back(tensor)
    assert type(received) is Tensor
    assert same(received, _as_received(tensor))


def test_the_dtypes_that_travel_are_the_usual_ones() -> None:
    names = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128"
    assert {name: getattr(torch, name) for name in names.split()} == wire.DTYPES


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 3), (2, 0, 3), (1, 1, 1, 1)], ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_travels_in_every_shape(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    tensor = torch.arange(math.prod(shape), dtype=torch.float64).reshape(shape).to(dtype)
    assert same(there_and_back(tensor), tensor)


@pytest.mark.parametrize("view", sorted(VIEWS))
@pytest.mark.parametrize("dtype", [torch.float32, torch.complex64, torch.int16, torch.bool], ids=str)
def test_a_view_arrives_as_what_it_shows(dtype: torch.dtype, view: str) -> None:
    tensor = VIEWS[view](torch.arange(12).reshape(3, 4).to(dtype))
    assert same(there_and_back(tensor), _as_received(tensor))


@pytest.mark.parametrize(
    "tensor",
    [
        torch.tensor([1 + 2j]).conj().imag,
        torch.arange(6.0).as_strided((1, 1), (5, 7)),
        torch.arange(6.0).as_strided((2, 1), (1, 4)),
        torch.arange(6.0)[5],
        torch.empty(0, 5).T,
        torch.tensor(1 - 2j).conj(),
    ],
    ids=["negative of size 1", "size 1 with odd strides", "a column with odd strides", "one cell", "no rows", "0-dim"],
)
def test_strides_that_no_fresh_tensor_has_are_no_obstacle(tensor: Tensor) -> None:
    assert same(there_and_back(tensor), tensor.clone())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.complex64], ids=str)
def test_a_tensor_that_asks_for_gradients_says_so_and_brings_no_history(dtype: torch.dtype) -> None:
    received = there_and_back(torch.ones(2, dtype=dtype, requires_grad=True) * 2)
    assert received.requires_grad
    assert received.is_leaf
    assert received.grad_fn is None


def test_a_parameter_arrives_as_a_plain_tensor() -> None:
    received = there_and_back(nn.Parameter(torch.tensor([1.0, 2.0])))
    assert type(received) is Tensor
    assert same(received, torch.tensor([1.0, 2.0], requires_grad=True))


def test_a_tensor_of_inference_mode_travels() -> None:
    with torch.inference_mode():
        tensor = torch.ones(2) + 1
        assert same(there_and_back(tensor), torch.tensor([2.0, 2.0]))


@pytest.mark.parametrize(
    "mode",
    [torch.no_grad(), torch.inference_mode(), torch.device("meta")],
    ids=["no_grad", "inference_mode", "default device"],
)
def test_a_mode_that_the_student_left_switched_on_changes_nothing(mode: Any) -> None:
    tensor = torch.tensor([1.0, 2.0], requires_grad=True)
    with mode:
        document = wire.encode([tensor, (tensor,)])
    received = wire.decode(document)
    assert same(received[0], tensor.detach().requires_grad_())
    assert same(received[1], (received[0],))


def test_a_received_tensor_can_be_written_and_shares_nothing_with_the_document() -> None:
    document = wire.encode(torch.zeros(3))
    first, second = wire.decode(document), wire.decode(document)
    first += 1
    assert same(second, torch.zeros(3))
    assert same(wire.decode(document), torch.zeros(3))


def test_sending_leaves_a_value_as_it_was() -> None:
    value = [torch.ones(2, requires_grad=True) * 2, {"a": (1, 2.0)}]
    before = copy.copy(value)
    wire.encode(value)
    assert value == before
    assert value[0] is before[0]
    assert value[0].grad_fn is not None  # type: ignore[attr-defined]


@some
@given(value=values())
def test_equal_values_have_equal_documents(value: Any) -> None:
    """A document is the key of a known answer, and tells whether a function changed its argument."""
    assert wire.encode(value) == wire.encode(_as_received(value))


@pytest.mark.parametrize(
    "other",
    [
        [torch.tensor([1.0, 2.5])],
        [torch.tensor([1.0, 2.0], dtype=torch.float64)],
        [torch.tensor([[1.0, 2.0]])],
        [torch.tensor([1.0, 2.0], requires_grad=True)],
        (torch.tensor([1.0, 2.0]),),
        [[1.0, 2.0]],
    ],
    ids=["entry", "dtype", "shape", "requires_grad", "tuple", "list"],
)
def test_every_difference_shows_in_the_document(other: object) -> None:
    assert wire.encode([torch.tensor([1.0, 2.0])]) != wire.encode(other)


def test_true_is_not_one_and_one_is_not_one_point_zero() -> None:
    received = there_and_back([True, 1, 1.0, False, 0, -0.0])
    assert [type(item) for item in received] == [bool, int, float, bool, int, float]
    assert math.copysign(1, received[-1]) == -1


def test_tuples_stay_tuples_at_every_level() -> None:
    value = [(1.0, [2.0, (3.0,)]), (), {"pair": (4, 5)}]
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("number", [2**4095 - 1, 1 - 2**4095], ids=["largest", "smallest"])
def test_an_int_of_1200_digits_travels(number: int) -> None:
    assert there_and_back(number) == number


@pytest.mark.parametrize("number", [2**4095, -(2**4095) - 1, 10**4000], ids=["above", "below", "10**4000"])
def test_a_larger_int_travels_as_a_phrase(number: int) -> None:
    assert there_and_back(number) == Opaque("an int of more than 1000 digits")


def test_text_with_surrogates_arrives_without_them() -> None:
    received = there_and_back(["a\ud800b", "\udcff"])
    assert [len(text) for text in received] == [3, 1]
    assert "".join(received).encode() is not None


@given(text=st.text(st.characters(), max_size=20))
@some
def test_any_text_arrives_as_text_that_can_be_printed(text: str) -> None:
    received = there_and_back(text)
    assert type(received) is str
    received.encode("utf-8")


# ---- What is no data travels as its name only ------------------------------------------------------------------------


class LyingInt(int):
    """Claims to be a plain int, and breaks whatever looks at it."""

    __class__ = int  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        raise RuntimeError


class LyingFloat(float):
    __class__ = float  # type: ignore[assignment]

    def __float__(self) -> float:
        raise RuntimeError


class LyingStr(str):
    __slots__ = ()
    __class__ = str  # type: ignore[assignment]

    def __str__(self) -> str:
        raise RuntimeError


class LyingBytes(bytes):
    __class__ = bytes  # type: ignore[assignment]


class LyingComplex(complex):
    __class__ = complex  # type: ignore[assignment]


class LyingTensor(Tensor):
    __class__ = Tensor  # type: ignore[assignment]


class LyingParameter(nn.Parameter):
    __class__ = nn.Parameter  # type: ignore[assignment]


class LyingPicture(Picture):
    __class__ = Picture  # type: ignore[assignment]


LIARS = [
    LyingInt(3),
    LyingFloat(3.0),
    LyingStr("a"),
    LyingBytes(b"a"),
    LyingComplex(1j),
    torch.zeros(2).as_subclass(LyingTensor),
    LyingParameter(torch.zeros(2)),
    LyingPicture(),
]


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: type(liar).__name__)
def test_a_lying_subclass_travels_as_its_name_only(liar: object) -> None:
    received = there_and_back([1, liar, 2])
    assert received == [1, Opaque(f"{__name__}.{type(liar).__name__}"), 2]
    assert there_and_back((liar,))[0] == there_and_back({"key": liar})["key"] == received[1]


# ---- Subclasses of containers travel as what they hold ---------------------------------------------------------------


class LyingList(list[Any]):
    """Its own methods say something else than what it holds, or break whatever calls them."""

    __class__ = dict  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError

    def __len__(self) -> int:
        return 2**62

    def __getitem__(self, index: Any) -> Any:
        raise SystemExit

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None


class LyingTuple(tuple[Any, ...]):
    __slots__ = ()
    __class__ = list  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Any]:
        return iter((7, 7, 7))

    def __len__(self) -> int:
        raise RuntimeError

    def __reduce__(self) -> Any:
        raise RuntimeError


class LyingDict(dict[Any, Any]):
    __class__ = Tensor  # type: ignore[assignment]

    def items(self) -> Any:
        return [("status", "passed")]

    def keys(self) -> Any:
        raise RuntimeError

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError

    def __missing__(self, key: object) -> Any:
        return self


class LyingType(type):
    """A metaclass that claims another family."""

    def __subclasscheck__(cls, other: type) -> bool:
        raise RuntimeError

    def __instancecheck__(cls, other: object) -> bool:
        return True

    @property
    def __mro__(cls) -> Any:
        raise RuntimeError


class ListOfLyingType(list[Any], metaclass=LyingType):
    pass


class Pair(NamedTuple):
    left: int
    right: int


Slopes = collections.namedtuple("Slopes", "dw db")  # noqa: PYI024  as students write it


class OverriddenPair(Slopes):
    """Its fields are answered anew each time."""

    dw = property(lambda _: 0.0)

    def __iter__(self) -> Iterator[Any]:
        return iter((0.0, 0.0))


def _counted() -> collections.defaultdict[str, Any]:
    counted: collections.defaultdict[str, Any] = collections.defaultdict(list)
    counted["losses"].append(1.0)
    return counted


CONTAINERS = [
    (collections.OrderedDict(w=1.0, b=[2]), {"w": 1.0, "b": [2]}),
    (_counted(), {"losses": [1.0]}),
    (collections.Counter("aab"), {"a": 2, "b": 1}),
    (nn.Linear(1, 1, bias=False).state_dict(), None),
    (Slopes(1.0, 2.0), (1.0, 2.0)),
    (Pair(1, 2), (1, 2)),
    (torch.Size([2, 3]), (2, 3)),
    (torch.tensor([[1.0, 2.0]]).max(dim=1), None),
    (collections.OrderedDict(pair=Pair(1, 2)), {"pair": (1, 2)}),
    (LyingList([1, LyingTuple((2, LyingDict(a=3)))]), [1, (2, {"a": 3})]),
    (LyingTuple((1, 2)), (1, 2)),
    (LyingTuple(), ()),
    (LyingDict(a=1), {"a": 1}),
    (OverriddenPair(3.0, 4.0), (3.0, 4.0)),
    (ListOfLyingType([1]), [1]),
]


@pytest.mark.parametrize(("value", "held"), CONTAINERS, ids=lambda value: type.__repr__(type(value)))
def test_a_subclass_of_a_container_travels_as_what_it_holds(value: Any, held: Any) -> None:
    received = there_and_back(value)
    if held is None:
        held = dict(value) if isinstance(value, dict) else tuple(value)
    assert type(received) is type(held)
    assert same(received, held)
    assert same(there_and_back([1, (value, {"key": value})]), [1, (held, {"key": held})])


def test_a_container_of_a_subclass_that_holds_itself_is_refused() -> None:
    class Loop(list[Any]):
        pass

    loop = Loop()
    loop.append(loop)
    with pytest.raises(wire.WireError):
        wire.encode(loop)


class Colour(enum.Enum):
    RED = "red"


class Number(enum.IntEnum):
    ONE = 1


@dataclass
class Record:
    field: int = 1


def _generator() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({1, 2}, "set"),
        (frozenset(), "frozenset"),
        (object(), "object"),
        (range(3), "range"),
        (iter([1]), "list_iterator"),
        (_generator(), "generator"),
        (map(abs, [1]), "map"),
        (math, "module"),
        (len, "builtin_function_or_method"),
        (same, "function"),
        ([].append, "builtin_function_or_method"),
        (int, "type"),
        (..., "ellipsis"),
        (NotImplemented, "NotImplementedType"),
        (ValueError("a"), "ValueError"),
        (slice(1), "slice"),
        (decimal.Decimal(1), "decimal.Decimal"),
        (datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC), "datetime.datetime"),
        (datetime.date(2025, 1, 1), "datetime.date"),
        (uuid.UUID(int=1), "uuid.UUID"),
        (collections.deque([1]), "collections.deque"),
        (collections.UserDict(a=1), "collections.UserDict"),
        (types.SimpleNamespace(a=1), "types.SimpleNamespace"),
        (Colour.RED, f"{__name__}.Colour"),
        (Number.ONE, f"{__name__}.Number"),
        (Record(), f"{__name__}.Record"),
        (np.array(["a"], dtype=object), "an array of dtype object"),
        (np.random.default_rng(0), "numpy.random._generator.Generator"),
        (torch.float32, "torch.dtype"),
        (torch.device("cpu"), "torch.device"),
        (nn.Linear(1, 1), "torch.nn.modules.linear.Linear"),
        (torch.zeros(2, device="meta"), "a tensor on the device meta"),
        (torch.zeros(10**9, device="meta").expand(1000, -1), "a tensor on the device meta"),
        (torch.zeros(2).to_sparse(), "a sparse tensor (torch.sparse_coo)"),
        (torch.zeros(2, dtype=torch.uint16), "a tensor of dtype torch.uint16"),
        (torch.zeros(2).to(torch.float8_e4m3fn), "a tensor of dtype torch.float8_e4m3fn"),
    ],
    ids=lambda value: type(value).__name__ if type(value) is not str else value,
)
def test_what_is_no_data_travels_as_the_name_of_its_type(value: object, kind: str) -> None:
    assert there_and_back(value) == Opaque(kind)
    assert there_and_back([1, (value, 2)]) == [1, (Opaque(kind), 2)]


def test_a_nested_tensor_is_named() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensor = torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])
    assert there_and_back(tensor) == Opaque("a nested tensor")


@pytest.mark.parametrize(
    ("scalar", "plain"),
    [
        (np.float64(1.5), 1.5),
        (np.float32(0.5), 0.5),
        (np.int64(-3), -3),
        (np.int32(7), 7),
        (np.bool_(True), True),
        (np.float64("nan"), math.nan),
    ],
    ids=repr,
)
def test_a_scalar_of_numpy_arrives_as_the_python_number(scalar: object, plain: object) -> None:
    assert same(there_and_back([scalar, (scalar,)]), [plain, (plain,)])


def test_a_word_that_pretends_to_be_opaque_is_a_word() -> None:
    assert there_and_back("Opaque(kind='set')") == "Opaque(kind='set')"
    assert there_and_back({"__tuple__": [1], "__tensor__": "x"}) == {"__tuple__": [1], "__tensor__": "x"}


@pytest.mark.parametrize(
    "raw",
    [
        ormsgpack.Fragment(b"\x92\x01\x02"),
        ormsgpack.Ext(1, b""),
        ormsgpack.Ext(2, b"\xc1"),
        ormsgpack.Ext(99, b"a"),
    ],
    ids=["a document", "a tensor", "a tuple", "an unknown extension"],
)
def test_raw_bytes_of_the_codec_are_a_plain_value_or_refused(raw: object) -> None:
    for value in (raw, [1, raw], (raw,), {"a": raw}):
        with contextlib.suppress(WireError):
            assert is_plain(there_and_back(value))


# ---- The names of types ----------------------------------------------------------------------------------------------


class Unreadable(type):
    """A metaclass under which every look at a class raises."""

    def __getattribute__(cls, name: str) -> Any:
        raise RuntimeError(name)


class Counted(type):
    """A metaclass that runs code of its own when the module of a class is asked for."""

    asked: ClassVar[list[str]] = []

    @property
    def __module__(cls) -> str:  # type: ignore[override]
        Counted.asked.append("module")
        raise RuntimeError


class Descriptor:
    def __get__(self, instance: object, owner: type | None = None) -> str:
        raise RuntimeError


def test_a_type_that_raises_when_it_is_looked_at_is_named_all_the_same() -> None:
    hostile: Any = Unreadable("Hostile", (), {})
    assert there_and_back(object.__new__(hostile)) == Opaque(f"{__name__}.Hostile")


def test_naming_a_type_runs_no_code_of_its_metaclass() -> None:
    hostile = Counted("Hostile", (), {})
    Counted.asked.clear()
    assert there_and_back(hostile()) == Opaque(f"{__name__}.Hostile")
    assert not Counted.asked


@pytest.mark.parametrize(
    "module", [5, None, Descriptor(), LyingStr("builtins")], ids=lambda value: type(value).__name__
)
def test_a_type_whose_module_is_no_text_is_an_object(module: object) -> None:
    assert there_and_back(type("Hostile", (), {"__module__": module})()) == Opaque("object")


def test_a_type_that_was_made_in_no_module_is_named_all_the_same() -> None:
    """Code that is executed without a `__name__` makes types without a `__module__`."""
    namespace: dict[str, Any] = {"__builtins__": __builtins__}
    exec("Nowhere = type('Nowhere', (), {})", namespace)
    assert wire.type_name(namespace["Nowhere"]) in ("Nowhere", "object")
    assert there_and_back([namespace["Nowhere"]()])[0].kind in ("Nowhere", "object")


def test_a_type_may_call_itself_whatever_it_likes_and_stays_opaque() -> None:
    for lie in ("float", "Tensor", "a tensor of dtype torch.float32", "", "x\x1b[31m\n"):
        assert there_and_back(type(lie, (), {"__module__": "builtins"})()) == Opaque(lie)


def test_a_name_is_cut_after_a_hundred_characters() -> None:
    assert there_and_back(type("N" * 10**5, (), {"__module__": "builtins"})()) == Opaque("N" * 100)


def test_a_name_with_surrogates_arrives_without_them() -> None:
    hostile = type("Hostile", (), {"__module__": "builtins"})
    hostile.__qualname__ = "a\ud800b"
    kind = there_and_back(hostile()).kind
    assert (kind[0], kind[-1], len(kind)) == ("a", "b", 3)
    kind.encode("utf-8")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(int, "int"), (Tensor, "torch.Tensor"), (np.ndarray, "numpy.ndarray"), (Pair, f"{__name__}.Pair")],
)
def test_an_ordinary_type_is_called_by_its_module_and_name(kind: type, name: str) -> None:
    assert wire.type_name(kind) == name


# ---- What is too large, too deep, or holds itself --------------------------------------------------------------------


def test_a_document_of_exactly_the_limit_is_encoded() -> None:
    document = wire.encode("a" * 100)
    assert wire.encode("a" * 100, len(document)) == document
    with pytest.raises(WireError, match=r"^is 102 bytes; the limit is 101$"):
        wire.encode("a" * 100, len(document) - 1)


@pytest.mark.parametrize(
    "value",
    [
        bytes(wire.MAX_VALUE),
        "a" * wire.MAX_VALUE,
        [0] * wire.MAX_VALUE,
        torch.zeros(wire.MAX_VALUE // 4),
        [torch.zeros(wire.MAX_VALUE // 8)] * 2,
    ],
    ids=["bytes", "text", "list", "tensor", "tensors"],
)
def test_a_value_of_the_largest_size_and_a_head_is_too_large(value: object) -> None:
    with pytest.raises(WireError, match=rf"^is [\d,]+ bytes; the limit is {wire.MAX_VALUE:,}$"):
        wire.encode(value)


def test_a_huge_expanded_tensor_is_refused_before_it_is_copied() -> None:
    huge = torch.zeros(1).expand(10**12)
    for value in (huge, [huge], (1.0, (huge,)), {"a": huge}):
        with pytest.raises(WireError, match=r"^holds a tensor of shape \(10{12},\), which is too large to send$"):
            wire.encode(value)


EMPTY_AND_HUGE = (2**40, 0), (0, wire.MAX_ENTRIES + 1), (2**20, 32, 0), (2**11, 0, 2**11), (0, 2**62, 2**62)


@pytest.mark.parametrize("shape", EMPTY_AND_HUGE, ids=repr)
def test_an_empty_tensor_with_more_rows_than_numbers_could_be_sent_is_refused_on_both_ends(
    shape: tuple[int, ...],
) -> None:
    expected = re.escape(f"holds a tensor of shape {shape}, which is too large to send")
    if math.prod(length or 1 for length in shape) < 2**63:  # torch itself makes no larger one
        empty = torch.zeros(shape)
        for value in (empty, {"losses": [empty]}, (1.0, (empty,)), empty.bool()):
            with pytest.raises(WireError, match=rf"^{expected}$"):
                wire.encode(value)
    with pytest.raises(WireError, match=expected):
        wire.decode(forged(torch.zeros(1), ["float32", list(shape), False, b""]))


@pytest.mark.parametrize("dimensions", [9, 19, 33, 64])
def test_a_tensor_of_many_dimensions_is_refused_on_both_ends(dimensions: int) -> None:
    expected = f"holds a tensor of {dimensions} dimensions; the limit is 8"
    for tensor in (torch.zeros([1] * dimensions), torch.zeros([2] * min(dimensions, 19) + [1] * (dimensions - 19))):
        with pytest.raises(WireError, match=expected):
            wire.encode({"a": tensor})
    with pytest.raises(WireError, match=expected):
        wire.decode(forged(torch.zeros(1), ["int8", [1] * dimensions, False, b"1"]))


def test_eight_dimensions_and_a_million_entries_are_an_ordinary_value() -> None:
    for tensor in (torch.zeros([2] * 8), torch.zeros(2**19, 0, dtype=torch.int8), torch.zeros(2**19).bool()):
        assert same(there_and_back(tensor), tensor)


def test_a_tuple_that_is_too_large_says_how_large() -> None:
    with pytest.raises(WireError, match=rf"^is [\d,]+ bytes; the limit is {wire.MAX_VALUE:,}$"):
        wire.encode(("a" * wire.MAX_VALUE, 1))


def _cycles() -> dict[str, object]:
    items: list[Any] = []
    items.append(items)
    keys: dict[str, Any] = {}
    keys["self"] = keys
    inner: list[Any] = []
    pair = (1, inner)
    inner.append(pair)
    return {"list": items, "dict": keys, "tuple": pair}


@pytest.mark.parametrize("kind", sorted(_cycles()))
def test_a_value_that_holds_itself_is_refused(kind: str) -> None:
    with pytest.raises(WireError):
        wire.encode(_cycles()[kind])


WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "lists": lambda inner: [inner],
    "tuples": lambda inner: (inner,),
    "dicts": lambda inner: {"a": inner},
    "lists in tuples": lambda inner: ([[inner]],),
    "tuples in dicts": lambda inner: {"a": ((inner,),)},
}


def nested(wrapper: str, depth: int) -> Any:
    """Return a value that is nested so deep."""
    value: Any = 1
    for _ in range(depth):
        value = WRAPPERS[wrapper](value)
    return value


@pytest.mark.parametrize("wrapper", sorted(WRAPPERS))
def test_a_hundred_thousand_levels_are_refused(wrapper: str) -> None:
    value = nested(wrapper, 100_000)
    with pytest.raises(WireError):
        wire.encode(value)
    # Python frees a nest of 100 000 levels by recursion unless it is taken apart.
    while isinstance(value, (list, tuple, dict)):
        value = value["a"] if isinstance(value, dict) else value[0]


@pytest.mark.parametrize("wrapper", sorted(WRAPPERS))
def test_eight_levels_are_an_ordinary_value(wrapper: str) -> None:
    assert same(there_and_back(nested(wrapper, 8)), nested(wrapper, 8))


@pytest.mark.parametrize("wrapper", sorted(WRAPPERS))
def test_a_deep_value_is_read_or_refused_for_its_depth(wrapper: str) -> None:
    for depth in (*range(10, 40), 64, 100, 127, 128, 200, 254, 255, 256, 300):
        with contextlib.suppress(WireError):
            document = wire.encode(nested(wrapper, depth))
            assert_read_or_explained(document, f"{depth} levels of {wrapper}")


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros((1,) * 8),
        torch.zeros((1,) * 9),
        torch.zeros((1,) * 64),
        torch.zeros(0, wire.MAX_VALUE + 1),
        torch.zeros(2**40, 0),
    ],
    ids=["8 dimensions", "9 dimensions", "64 dimensions", "nothing, wide", "nothing, long"],
)
def test_an_odd_shape_is_read_or_refused_for_its_shape(tensor: Tensor) -> None:
    with contextlib.suppress(WireError):
        document = wire.encode(tensor)
        assert_read_or_explained(document, f"a tensor of shape {tuple(tensor.shape)}")


@pytest.mark.parametrize("cell", [[], (), {}, (1.0, 2.0)], ids=repr)
def test_a_value_of_many_parts_is_read_or_refused_for_their_number(cell: object) -> None:
    for count in (10**3, 10**4, 3 * 10**4, 10**5):
        with contextlib.suppress(WireError):
            document = wire.encode([cell] * count)
            assert_read_or_explained(document, f"{count:,} times {cell}")


def assert_read_or_explained(document: bytes, what: str) -> None:
    """Fail where an honest value is refused as if it were no document: the student reads the reason."""
    try:
        wire.decode(document)
    except WireError as error:
        if "protocol" in str(error) or "ext_hook" in str(error):
            pytest.fail(f"encode wrote {what}, and decode says that it {error}")


@pytest.mark.parametrize("wrapper", sorted(WRAPPERS))
def test_the_reader_can_walk_through_whatever_it_accepts(wrapper: str) -> None:
    """The grader compares and shows values by recursion: one that is deeper than its stack would be a fault of ours."""
    for depth in (31, 127, 200, 254):
        for outer in (1, 5, 30):
            value = nested(wrapper, depth)
            for _ in range(outer):
                value = (value,)
                for _ in range(depth):
                    value = [value]
            with contextlib.suppress(WireError):
                received = wire.decode(wire.encode(value))
                assert _depth(received) <= 300


def _depth(value: Any) -> int:
    depth = 0
    while isinstance(value, (list, tuple, dict)) and value:
        value = value["a"] if isinstance(value, dict) else value[0]
        depth += 1
    return depth


@pytest.mark.parametrize(
    "key", [1, 1.5, None, True, (1,), b"a", LyingStr("a"), "\ud800"], ids=lambda key: type(key).__name__
)
def test_a_dict_whose_keys_are_no_plain_text_is_refused(key: Any) -> None:
    with pytest.raises(WireError):
        wire.encode({"good": 1, key: 2})


# ---- Documents that nobody wrote -------------------------------------------------------------------------------------


def decoded(document: bytes) -> Any:
    """Return the value of a document, or None where it is refused; any other end of `decode` is a failure."""
    try:
        value = wire.decode(document)
    except WireError:
        return None
    assert is_plain(value)
    return value


@many
@given(document=st.binary(max_size=200))
def test_arbitrary_bytes_are_a_value_or_refused(document: bytes) -> None:
    decoded(document)


@many
@given(value=values(), data=st.data())
def test_a_damaged_document_is_a_value_or_refused(value: Any, data: st.DataObject) -> None:
    document = bytearray(wire.encode(value))
    for _ in range(data.draw(st.integers(1, 3), label="damages")):
        start = data.draw(st.integers(0, len(document)), label="start")
        removed = data.draw(st.integers(0, 4), label="removed")
        document[start : start + removed] = data.draw(st.binary(max_size=6), label="inserted")
    decoded(bytes(document))


@some
@given(value=values(), data=st.data())
def test_a_document_that_ends_early_is_refused(value: Any, data: st.DataObject) -> None:
    document = wire.encode(value)
    end = data.draw(st.integers(0, len(document) - 1), label="end")
    with pytest.raises(WireError):
        wire.decode(document[:end])


@many
@given(tag=st.integers(-128, 127), content=st.binary(max_size=60))
def test_an_extension_of_any_type_and_content_is_a_value_or_refused(tag: int, content: bytes) -> None:
    decoded(extension(tag, content))


def heads() -> st.SearchStrategy[list[Any]]:
    """Draw the four parts of a tensor, each of them right or not."""
    lengths = st.one_of(st.integers(-2, 3), st.integers(-(2**63), 2**64 - 1), st.none(), st.booleans())
    return st.tuples(
        st.one_of(st.sampled_from(sorted(wire.DTYPES)), st.text(max_size=5), st.none()),
        st.one_of(st.lists(st.integers(0, 2), max_size=4), st.lists(lengths, max_size=40), st.just(1), st.none()),
        st.sampled_from([True, False, 1, None, [True]]),
        st.one_of(st.binary(max_size=32), st.text(max_size=4), st.none()),
    ).map(list)


@many
@given(head=heads())
def test_a_tensor_of_any_head_is_a_tensor_or_refused(head: list[Any]) -> None:
    tensor = decoded(forged(torch.zeros(1), head))
    if tensor is not None:
        name, shape, _, data = head
        assert (tensor.dtype, list(tensor.shape)) == (wire.DTYPES[name], shape)
        assert tensor.numel() * tensor.element_size() == len(data)


@pytest.mark.parametrize(
    "head",
    [
        [],
        ["float32", [1], False],
        ["float32", [1], False, b"1234", 1],
        {"float32": 1},
        "float32",
        7,
        ["float32", [2], False, b"1234"],
        ["float32", [1], False, b"12345"],
        ["float32", [], False, b""],
        ["float32", [-1], False, b"1234"],
        ["float32", [-1, -1], False, b"1234"],
        ["float32", [True], False, b"1234"],
        ["float32", [1.0], False, b"1234"],
        ["float32", ["1"], False, b"1234"],
        ["float32", [None], False, b"1234"],
        ["float32", 1, False, b"1234"],
        ["float32", [1], False, "1234"],
        ["float32", [1], False, None],
        ["float32", [2**62, 4], False, b""],
        ["float32", [2**63, 2], False, b""],
        ["float32", [2**32, 2**32], False, b""],
        ["float32", [2**40], False, b"1234"],
        ["int8", [wire.MAX_VALUE + 1], False, b"1"],
        ["float32", [2**22] * 31 + [0], False, b""],
        ["int8", [1] * 100, False, b"1"],
        ["float8_e4m3fn", [1], False, b"1"],
        ["qint8", [1], False, b"1"],
        ["torch.float32", [1], False, b"1234"],
        ["load", [1], False, b"1234"],
        [b"float32", [1], False, b"1234"],
        [None, [1], False, b"1234"],
    ],
    ids=repr,
)
def test_a_tensor_with_a_wrong_head_is_refused(head: object) -> None:
    with pytest.raises(WireError):
        wire.decode(forged(torch.zeros(1), head))


def test_a_bool_of_any_byte_is_true_or_false() -> None:
    tensor = wire.decode(forged(torch.zeros(1), ["bool", [5], False, b"\x00\x01\x02\x80\xff"]))
    assert tensor.tolist() == [False, True, True, True, True]
    assert tensor.view(torch.uint8).tolist() == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("flag", [1, "yes", [True], None, False], ids=repr)
def test_only_true_asks_for_gradients(flag: object) -> None:
    assert not wire.decode(forged(torch.zeros(1), ["float32", [1], flag, b"1234"])).requires_grad


def test_an_integer_tensor_cannot_ask_for_gradients() -> None:
    assert not wire.decode(forged(torch.zeros(1), ["int8", [1], True, b"1"])).requires_grad


@pytest.mark.parametrize("tag", [-128, -1, 0, 7, 99, 127])
def test_an_unknown_extension_is_refused(tag: int) -> None:
    with pytest.raises(WireError):
        wire.decode(b"\x91" + extension(tag, b"\x01"))


@pytest.mark.parametrize(
    ("like", "content"),
    [
        ((1,), {"a": 1}),
        ((1,), 1),
        ((1,), b"\xc1"),
        ((1,), b""),
        (1j, b"1234567"),
        (1j, b"12345678" * 3),
        (2**70, b"1" * 513),
        (Picture(), 1),
        (Picture(), []),
        (Picture(), [[], False, 1]),
        (Picture(), [[], 0]),
        (Picture(), [[[["a", "b", "c", "d", 5], [], [], []]], False]),
        (Picture(), [[[["a", "b", "c", "d", "e"], [[1, 2, 3, "a"]], [], []]], False]),
        (Picture(), [[[["a", "b", "c", "d", "e"], [], [["contour", 1, 2, 3]], []]], False]),
        (Picture(), [[[["a", "b", "c", "d", "e"], [], [], [1]]], False]),
        (Picture(), [[[["a", "b", "c", "d", "e", "f", "g"], [], [], []]], False]),
        (Picture(), {"axes": []}),
    ],
    ids=repr,
)
def test_an_extension_with_another_content_is_refused(like: object, content: object) -> None:
    with pytest.raises(WireError):
        wire.decode(forged(like, content))


@pytest.mark.parametrize("document", [b"", b"\xc1", b"\x81\x01\x02", b"\xa1\xff", b"\xa3\xed\xa0\x80"], ids=repr)
def test_what_is_no_msgpack_of_ours_is_refused(document: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(document)


@pytest.mark.parametrize("level", [b"\x91", b"\x81\xa1a", b"\xdd\x00\x00\x00\x01"], ids=["array", "map", "array32"])
def test_a_document_of_a_million_levels_is_refused(level: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(level * 10**6 + b"\x01")


def test_extensions_in_extensions_are_refused_at_some_depth() -> None:
    document, tag = ormsgpack.packb(1), tag_of((1,))
    for _ in range(2000):
        document = ormsgpack.packb([ormsgpack.Ext(tag, document)])
    with pytest.raises(WireError):
        wire.decode(document)


@contextlib.contextmanager
def at_most(mebibytes: int) -> Iterator[None]:
    """Let this process allocate only so much more memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + mebibytes * 2**20, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is set from what /proc says")


@needs_proc
@pytest.mark.parametrize(
    "head",
    [b"\xdd", b"\xdf", b"\xdb", b"\xc6", b"\xc9", b"\xdd\xff\xff\xff\xff" * 100],
    ids=["array", "map", "str", "bin", "ext", "arrays"],
)
def test_an_announced_length_costs_no_memory(head: bytes) -> None:
    for announced in (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x10\x00\x00\x00"):
        with at_most(64), pytest.raises(WireError):
            wire.decode(head + announced)


@needs_proc
@pytest.mark.parametrize("cell", [b"\x90", b"\x80", b"\x01", b"\xc0"], ids=["list", "dict", "int", "None"])
def test_a_document_grows_to_at_most_a_hundred_times_its_size(cell: bytes) -> None:
    count = wire.MAX_VALUE // 4
    with at_most(100 * count // 2**20 + 16), contextlib.suppress(WireError):
        assert len(wire.decode(b"\xdd" + struct.pack(">I", count) + cell * count)) == count


@needs_proc
@pytest.mark.parametrize(
    "part",
    [torch.zeros(0), torch.zeros(()).bool(), (), ((),), 1j, 2**80, Opaque(""), Picture()],
    ids=["empty tensor", "number", "tuple", "tuples", "complex", "large int", "opaque", "picture"],
)
def test_a_document_of_many_small_parts_is_refused_before_they_are_made(part: object) -> None:
    one = wire.encode(part)
    count = wire.MAX_VALUE // len(one)
    assert count > wire.MAX_PARTS
    document = b"\xdd" + struct.pack(">I", count) + one * count
    with at_most(64), pytest.raises(WireError, match=r"^holds more than 20,000 lists, tensors and other parts$"):
        wire.decode(document)


@needs_proc
def test_a_huge_expanded_tensor_costs_no_memory() -> None:
    huge = torch.zeros(1, dtype=torch.float64).expand(2**40)
    with at_most(64), pytest.raises(WireError):
        wire.encode(huge)


# ---- Frames ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def channel() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a channel that gives up instead of waiting for ever."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(10)
        theirs.settimeout(10)
        yield ours, theirs


Channel = tuple[socket.socket, socket.socket]


@pytest.mark.parametrize("document", [b"", b"\x01", b"x" * 65536], ids=["empty", "one byte", "64 KiB"])
def test_a_frame_arrives_as_it_was_sent(channel: Channel, document: bytes) -> None:
    wire.send(channel[0], document)
    assert wire.receive(channel[1]) == document


def test_frames_arrive_one_by_one_in_order(channel: Channel) -> None:
    documents = [wire.encode(value) for value in (1, "two", torch.tensor(3.0), (4,))]
    for document in documents:
        wire.send(channel[0], document)
    assert [wire.receive(channel[1]) for _ in documents] == documents


def test_a_frame_of_the_full_size_arrives(channel: Channel) -> None:
    document = bytes(wire.MAX_FRAME)
    sender = threading.Thread(target=wire.send, args=(channel[0], document))
    sender.start()
    assert wire.receive(channel[1]) == document
    sender.join()


def test_a_frame_that_arrives_byte_by_byte_is_one_frame(channel: Channel) -> None:
    document = wire.encode({"a": torch.arange(3)})

    def drip() -> None:
        for byte in struct.pack(">I", len(document)) + document:
            channel[0].sendall(bytes([byte]))

    sender = threading.Thread(target=drip)
    sender.start()
    assert wire.receive(channel[1]) == document
    sender.join()


@pytest.mark.parametrize("said", [b"", b"\0", b"\0\0\0", b"\0\0\0\x05", b"\0\0\0\x05abcd"], ids=repr)
def test_a_channel_that_closes_before_the_end_of_a_frame_gives_none(channel: Channel, said: bytes) -> None:
    channel[0].sendall(said)
    channel[0].close()
    assert wire.receive(channel[1]) is None


def test_a_frame_that_announces_too_much_is_refused_before_it_comes(channel: Channel) -> None:
    channel[0].sendall(struct.pack(">I", wire.MAX_FRAME + 1))
    numbers = f"{wire.MAX_FRAME + 1:,} bytes exceeds the limit of {wire.MAX_FRAME:,}"
    with pytest.raises(WireError, match=f"^a frame of {numbers}$"):
        wire.receive(channel[1])


def test_a_reader_may_have_a_limit_of_its_own(channel: Channel) -> None:
    wire.send(channel[0], b"12345")
    with pytest.raises(WireError):
        wire.receive(channel[1], limit=4)


@given(length=st.integers(0, 2**32 - 1), limit=st.integers(0, 2**32 - 1))
@some
def test_a_length_is_given_up_to_the_limit_and_refused_above(length: int, limit: int) -> None:
    head = struct.pack(">I", length)
    if length <= limit:
        assert wire.frame_length(head, limit) == length
    else:
        with pytest.raises(WireError):
            wire.frame_length(head, limit)


def test_an_encoded_value_and_what_is_said_about_it_fit_a_frame() -> None:
    largest = wire.encode(bytes(wire.MAX_VALUE - 5))
    assert len(largest) == wire.MAX_VALUE
    assert len(wire.encode({"end": "returned", "value": largest, "id": 1}, wire.MAX_FRAME)) <= wire.MAX_FRAME


# ---- Pictures --------------------------------------------------------------------------------------------------------


def _row(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


PICTURES = [
    Picture(),
    Picture(shown=True),
    Picture((Axes(), Axes(title="t", xlabel="x", ylabel="y", zlabel="z", projection="3d", legend=("a", "b")))),
    Picture((Axes(curves=(Curve(_row(1, 2), _row(3, 4)), Curve(_row(), _row(), _row(), label="path"))),)),
    Picture((Axes(meshes=(Mesh("contourf", _row(1, 2), _row(3), torch.zeros(1, 2)),)),), shown=True),
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: f"{len(picture.axes)} axes, shown {picture.shown}")
def test_a_picture_arrives_as_it_was(picture: Picture) -> None:
    received = there_and_back([picture])[0]
    assert type(received) is Picture
    assert same(_flat(received), _flat(picture))


def _flat(picture: Picture) -> Any:
    """Return a picture as nested tuples, which can be compared."""
    return (
        picture.shown,
        *(
            (
                (axes.title, axes.xlabel, axes.ylabel, axes.zlabel, axes.projection, axes.legend),
                *((curve.xs, curve.ys, curve.zs, curve.label) for curve in axes.curves),
                *((mesh.kind, mesh.xs, mesh.ys, mesh.values) for mesh in axes.meshes),
            )
            for axes in picture.axes
        ),
    )


def test_a_picture_that_holds_something_else_is_refused_by_the_reader() -> None:
    """The worker is the student's: only the reader decides."""
    text: Any = 5
    curve: Any = [1.0, 2.0]
    for axes in (Axes(title=text), Axes(curves=(Curve(curve, curve),)), Axes(legend=(text,))):
        document = wire.encode(Picture((axes,)))
        with pytest.raises(WireError):
            wire.decode(document)


def _loose_tensors() -> st.SearchStrategy[Tensor]:
    """Draw coordinates and values in every form that they have and must not have."""
    return (
        st.builds(
            lambda dtype, shape: torch.ones(shape, dtype=dtype),
            st.sampled_from([torch.float64] * 4 + DTYPES),
            st.lists(st.integers(0, 3), max_size=3),
        )
        | tensors()
    )


@st.composite
def meshes(draw: st.DrawFn) -> Mesh:
    """Draw a mesh: one that fits or is off by a little, or one of any tensors."""
    kind = draw(st.sampled_from([*MESH_METHODS, "scatter"]))
    if draw(st.booleans()):
        return Mesh(kind, draw(_loose_tensors()), draw(_loose_tensors()), draw(_loose_tensors()))
    rows, columns, more_x, more_y = (draw(st.integers(0, most)) for most in (3, 3, 2, 2))
    xs, ys = torch.ones(columns + more_x), torch.ones(rows + more_y)
    if draw(st.booleans()):
        xs, ys = torch.meshgrid(xs, ys, indexing="xy")
    return Mesh(kind, xs, ys, torch.ones(rows, columns))


def curves() -> st.SearchStrategy[Curve]:
    """Draw a curve of any tensors."""
    lines = st.integers(0, 3).map(torch.ones)
    loose = lines | _loose_tensors()
    return st.builds(Curve, loose, loose, st.none() | loose, texts())


@many
@given(curve=curves(), mesh=meshes())
def test_a_picture_that_is_accepted_can_be_read(curve: Curve, mesh: Mesh) -> None:
    for axes in (Axes(curves=(curve,)), Axes(meshes=(mesh,))):
        try:
            (received,) = there_and_back(Picture((axes,))).axes
        except WireError:
            continue
        for line in received.curves:
            assert len(list(zip(line.xs.tolist(), line.ys.tolist(), strict=True))) == len(line.xs)
            assert line.zs is None or len(line.zs.tolist()) == len(line.xs)
        for each in received.meshes:
            assert len(sorted(each.at_points())) == each.values.numel()
            assert all(type(number) is float for point in each.at_points() for number in point)
        assert agreement.same(Picture((received,)), Picture((received,)))


@pytest.mark.parametrize(
    "axes",
    [
        Axes(curves=(Curve(_row(1), _row(1, 2)),)),
        Axes(curves=(Curve(_row(1), _row(1), _row()),)),
        Axes(curves=(Curve(torch.tensor(1.0), torch.tensor(1.0)),)),
        Axes(curves=(Curve(torch.tensor([1]), torch.tensor([1])),)),
        Axes(curves=(Curve(_row(1) + 1j, _row(1) + 1j),)),
        Axes(curves=(Curve(_row(1).requires_grad_(), _row(1)),)),
        Axes(meshes=(Mesh("contourf", torch.tensor(1.0), _row(1), torch.zeros(1, 1)),)),
        Axes(meshes=(Mesh("contourf", torch.zeros(1, 1), _row(1), torch.zeros(1, 1)),)),
        Axes(meshes=(Mesh("contourf", torch.zeros(1, 2), torch.zeros(2, 1), torch.zeros(1, 1)),)),
        Axes(meshes=(Mesh("contourf", _row(1), _row(1), torch.zeros(1)),)),
        Axes(meshes=(Mesh("contourf", _row(1), _row(1), torch.zeros(1, 2)),)),
        Axes(meshes=(Mesh("contourf", _row(1, 2, 3), _row(1), torch.zeros(1, 1)),)),
        Axes(meshes=(Mesh("contourf", _row(1), _row(1), torch.zeros(1, 1, dtype=torch.bool)),)),
        Axes(meshes=(Mesh("passed", _row(1), _row(1), torch.zeros(1, 1)),)),
    ],
    ids=repr,
)
def test_a_picture_whose_numbers_do_not_fit_is_refused(axes: Axes) -> None:
    document = wire.encode(Picture((axes,)))
    with pytest.raises(WireError, match="do not fit"):
        wire.decode(document)
