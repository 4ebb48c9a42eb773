"""Arrays of NumPy on the wire: plain ones come back as they were, and the others travel as a name."""

import math
from typing import Any

import numpy as np
import ormsgpack
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of_hypothesis
from torch import Tensor

from grader.sandbox import arrays, wire
from grader.sandbox.wire import Opaque, WireError

KINDS = st.sampled_from(sorted(arrays.DTYPES))
SHAPES = arrays_of_hypothesis.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
PLAIN = KINDS.flatmap(lambda name: arrays_of_hypothesis.arrays(arrays.DTYPES[name], SHAPES))


def there_and_back(value: object) -> Any:
    """Return what the other side receives."""
    return wire.decode(wire.encode(value))


def is_same(one: Any, other: Any) -> bool:
    """Whether two arrays are equal to the last bit."""
    alike = type(one) is type(other) and one.dtype == other.dtype and one.shape == other.shape
    return alike and one.tobytes() == other.tobytes()


@given(PLAIN)
def test_a_plain_array_comes_back_as_it_was_with_memory_of_its_own(array: np.ndarray[Any, Any]) -> None:
    back = there_and_back(array)

    assert is_same(back, array)
    assert back.flags.owndata or back.base is None or back.size == 0
    assert back.flags.writeable


@given(PLAIN)
def test_in_dicts_lists_and_tuples_too(array: np.ndarray[Any, Any]) -> None:
    back = there_and_back({"a": [array, (array, 1.5)]})

    assert type(back["a"][1]) is tuple
    assert is_same(back["a"][0], array)
    assert is_same(back["a"][1][0], array)


VIEWS = {
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "reversed": np.arange(4)[::-1],
    "every second": np.arange(8)[::2],
    "in Fortran's order": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "broadcast": np.broadcast_to(np.float64(2.5), (2, 3)),
    "a part": np.arange(12.0).reshape(3, 4)[1:, 1:3],
    "without dimensions": np.array(2.5),
    "empty": np.zeros((0, 3)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_comes_back_with_its_entries(name: str) -> None:
    assert is_same(there_and_back(VIEWS[name]), VIEWS[name])


def test_an_array_that_cannot_be_written_does_not_matter() -> None:
    array = np.arange(3.0)
    array.flags.writeable = False

    assert is_same(there_and_back(array), np.arange(3.0))


class Mine(np.ndarray[Any, Any]):
    """A subclass, whose methods could lie."""


REFUSED = {
    "an array of dtype object": np.array([1, "a"], dtype=object),
    "an array of dtype float64 in foreign byte order": np.array([1.0]).astype(np.dtype(float).newbyteorder()),
    "a structured array": np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]),
    "an array of dtype str96": np.array(["abc"]),
    "an array of dtype bytes16": np.array([b"ab"]),
    "an array of dtype datetime64[D]": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "an array of dtype uint32": np.array([1], dtype=np.uint32),
    "an array of dtype void16": np.zeros(1, dtype="V2"),
    "numpy.ma.MaskedArray": np.ma.masked_array([1.0], [True]),
    "tests.sandbox.test_arrays.Mine": np.zeros(2).view(Mine),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_plain_travels_as_a_name(name: str) -> None:
    assert there_and_back([REFUSED[name]]) == [Opaque(name)]


def test_a_huge_array_is_refused_before_it_is_copied() -> None:
    for shape, what in (((10**9,), "too large"), ((2**40, 0), "too large"), ((1,) * 9, "of 9 dimensions")):
        with pytest.raises(WireError, match=f"holds an array .*{what}"):
            wire.encode(np.broadcast_to(np.float64(1), shape) if 0 not in shape else np.zeros(shape))


@pytest.mark.parametrize("name", sorted(arrays.DTYPES))
def test_a_number_of_numpy_is_one_of_python(name: str) -> None:
    number = arrays.DTYPES[name].type(1)

    assert there_and_back(number) == 1
    assert type(there_and_back(number)) in (bool, int, float, complex)


def forged(*head: object) -> bytes:
    """Return a document with an array whose header says this."""
    document: bytes = ormsgpack.packb(ormsgpack.Ext(7, ormsgpack.packb(list(head))))
    return document


FORGED = {
    "no header": forged(),
    "another dtype": forged("object", [1], b"\0" * 8),
    "a dtype that is no text": forged(3, [1], b"\0" * 8),
    "bytes in foreign order": forged(">f8", [1], b"\0" * 8),
    "too few bytes": forged("float64", [2], b"\0" * 8),
    "too many bytes": forged("float64", [], b"\0" * 16),
    "a negative size": forged("float64", [-1], b""),
    "a size that is a float": forged("float64", [1.0], b"\0" * 8),
    "a size that is True": forged("float64", [True], b"\0" * 8),
    "many empty rows": forged("float64", [2**40, 0], b""),
    "many dimensions": forged("float64", [1] * 65, b"\0" * 8),
    "data that is text": forged("float64", [1], "\0" * 8),
    "not msgpack": ormsgpack.packb(ormsgpack.Ext(7, b"\xc1")),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_array_is_refused(name: str) -> None:
    with pytest.raises(WireError):
        wire.decode(FORGED[name])


def test_a_bool_is_true_or_false_whatever_its_byte_is() -> None:
    for shape in ([3], []):
        size = math.prod(shape)
        back = wire.decode(forged("bool", shape, bytes([2] * size)))
        assert back.view(np.uint8).reshape(-1).tolist() == [1] * size


@given(st.binary(max_size=60))
def test_any_bytes_are_an_array_or_an_error(content: bytes) -> None:
    try:
        value = wire.decode(ormsgpack.packb(ormsgpack.Ext(7, content)))
    except WireError:
        return
    assert type(value) is np.ndarray


# ---- As tensors ------------------------------------------------------------------------------------------------------


@given(PLAIN)
def test_an_array_and_its_tensor_are_each_other_s(array: np.ndarray[Any, Any]) -> None:
    tensor = arrays.tensors_of(array)

    assert type(tensor) is Tensor
    assert is_same(arrays.arrays_of(tensor), array)
    assert arrays.has_arrays([{"a": (array,)}])
    assert not arrays.has_arrays([{"a": (tensor,)}])


def test_what_holds_no_arrays_stays_as_it_is() -> None:
    value = [1.0, {"a": torch.ones(2)}, "text", None]

    assert arrays.tensors_of(value) == value
    assert arrays.tensors_of(np.array(["a"])).dtype.kind == "U"
    assert arrays.arrays_of(torch.ones(2, dtype=torch.bfloat16)).dtype is torch.bfloat16


def test_a_change_of_the_tensor_is_not_one_of_the_array() -> None:
    array = np.zeros(2)
    arrays.tensors_of(array).add_(1)

    assert array.tolist() == [0.0, 0.0]
