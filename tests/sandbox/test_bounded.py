"""To compare, explain and draw an answer takes work in proportion to its bytes, and no answer breaks it."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

from grader.authoring import CheckFailed
from grader.engine import agreement, diagnosis, fingerprint
from grader.engine.reference import Returned
from grader.engine.student import Call
from grader.feedback import coercion, format_value, plot, side_effects
from grader.sandbox import wire
from grader.sandbox.figure import Axes, Curve, Mesh, Picture

FLOAT64 = torch.float64
CALLS_PER_BYTE, CALLS = 60, 30_000
CELLS_PER_BYTE, CELLS = 200, 200_000
"""What a value may cost: calls of Python functions, entries of tensors that are read or made."""


class Cells(TorchDispatchMode):
    """Counts the entries of all tensors that operators read or make."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.count = 0

    def __torch_dispatch__(
        self, operator: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        result = operator(*args, **(kwargs or {}))
        parts = [*args, *(result if isinstance(result, (list, tuple)) else [result])]
        self.count += sum(part.numel() for part in parts if isinstance(part, torch.Tensor))
        return result


@contextmanager
def bounded(size: int) -> Iterator[None]:
    """Fail where the block works more than a value of so many bytes may cost."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    with Cells() as cells:
        sys.setprofile(count)
        try:
            yield
        finally:
            sys.setprofile(before)
    assert calls <= CALLS_PER_BYTE * size + CALLS
    assert cells.count <= CELLS_PER_BYTE * size + CELLS


def look_at(returned: Any, wanted: Any) -> None:
    """Do all that the grader does with an answer; what it refuses, it refuses as CheckFailed."""
    coerced = None
    with suppress(CheckFailed):
        coerced = coercion.coerce(returned, wanted, {"N": 5})
    agreement.same(returned, wanted)
    format_value.pair(returned, wanted)
    if coerced is not None:
        diagnosis._seen(coerced, wanted, {"N": 5})
    side_effects.advice(returned, wanted, (torch.ones(3, dtype=FLOAT64),), 0)
    fingerprint.name_of([Call("f", None, (), {}, b"", returned=returned, wanted=Returned(wanted, 0.0))])
    comparison = plot.compare("title", wanted, returned)
    if comparison is not None:
        plot.describe(comparison)
        plot.draw_text(comparison)


def tree(branches: int, depth: int) -> Any:
    return [tree(branches, depth - 1) for _ in range(branches)] if depth else 1


def chain(depth: int) -> Any:
    return [chain(depth - 1), 1] if depth else 1


def curves(number: int) -> Picture:
    return Picture((Axes(curves=(Curve(torch.zeros(1), torch.zeros(1)),) * number),))


LARGE: dict[str, Callable[[int], Any]] = {
    "ints": lambda size: [1] * size,
    "ints and floats": lambda size: [1.5, 2] * (size // 10),
    "floats": lambda size: [1.5] * (size // 9),
    "a text": lambda size: "a" * size,
    "texts": lambda size: ["a" * (size // 16)] * 16,
    "bytes": lambda size: b"\xff" * size,
    "a dict": lambda size: {str(number): 1 for number in range(size // 8)},
    "a long key": lambda size: {"\x00" * size: 1.0},
    "rows": lambda size: [[1] * 60] * (size // 64),
    "pairs": lambda size: [(1.0, 2.0)] * min(9000, size // 24),
    "tensors": lambda size: [torch.tensor(1.0)] * min(19_000, size // 24),
    "matrices": lambda size: [torch.ones(2, 2)] * min(19_000, size // 40),
    "broad trees": lambda size: tree(16, 3 if size < 2**13 else 4),
    "narrow trees": lambda size: tree(2, 11 if size < 2**13 else 13),
    "a losses tree": lambda size: {"w": 1.0, "b": tree(16, 2), "losses": [1] * size},
    "a chain": lambda _size: chain(28),
    "a vector": lambda size: torch.randn(size // 8, dtype=FLOAT64),
    "a column": lambda size: torch.ones(size // 2, 2, dtype=torch.uint8),
    "a row": lambda size: torch.ones(2, size // 2, dtype=torch.uint8),
    "eight dimensions": lambda size: torch.ones([2] * 7 + [size // 2**7], dtype=torch.bool),
    "empty rows": lambda size: torch.zeros(size, 0),
    "complex": lambda size: torch.ones(size // 16, dtype=torch.complex128),
    "complex numbers": lambda size: [1j] * min(19_000, size // 20),
    "large ints": lambda size: [2**4000] * (size // 600),
    "curves": lambda size: curves(min(3000, size // 100)),
    "a mesh": lambda size: Picture(
        (Axes(meshes=(Mesh("contour", torch.zeros(1), torch.zeros(size // 8), torch.zeros(size // 8, 1)),)),)
    ),
}
WANTED: dict[str, Any] = {
    "a float": 1.0,
    "a matrix": torch.ones(2, 3, dtype=FLOAT64),
    "a vector": torch.tensor([1.0, 2.0, 4.0], dtype=FLOAT64),
    "pairs": [(0.0, 1.0), (1.0, 2.0), (3.0, 2.0)],
    "a dict": {"w": 1.0, "b": 2.0, "losses": [1.0, 2.0]},
    "nothing": [],
    "a picture": curves(2),
    "a text": "abc",
    "a cube": torch.ones(3, 3, 3),
}


@pytest.fixture(scope="module", autouse=True)
def warmed() -> None:
    """Let torch do before what it does once."""
    for wanted in WANTED.values():
        with bounded(2**20):
            look_at(wanted, wanted)


@pytest.mark.parametrize("size", [2**11, 2**14])
@pytest.mark.parametrize("name", LARGE)
def test_a_large_answer_costs_what_its_bytes_allow(name: str, size: int) -> None:
    document = wire.encode(LARGE[name](size))
    with bounded(len(document)):
        value = wire.decode(document)
    for wanted in WANTED.values():
        with bounded(len(document)):
            look_at(value, wanted)


EDGES = [0.0, -0.0, 1.0, -3.0, 1.7e308, -1.7e308, 5e-324, 1e154, 1e300, 3e-310, math.inf, -math.inf, math.nan]
NUMBERS = st.sampled_from(EDGES) | st.floats() | st.sampled_from([0, 1, -1, 2**70, -(2**1100), True])
SHAPES = st.lists(st.integers(0, 3), max_size=8).filter(lambda shape: math.prod(shape) <= 300)


@st.composite
def tensors(draw: st.DrawFn, shapes: st.SearchStrategy[list[int]] = SHAPES) -> torch.Tensor:
    shape = draw(shapes)
    size = math.prod(shape)
    entries = draw(st.lists(st.sampled_from(EDGES) | st.floats(), min_size=size, max_size=size))
    dtype = draw(st.sampled_from([FLOAT64, FLOAT64, torch.float32, torch.float16, torch.complex64]))
    whole = draw(st.sampled_from([None, None, torch.int64, torch.bool, torch.uint8]))
    if whole is not None:
        return (torch.tensor(entries, dtype=FLOAT64).nan_to_num(0.0, 1.0, -1.0).clamp(-9, 9)).to(whole).reshape(shape)
    return torch.tensor(entries, dtype=dtype).reshape(shape)


ANSWERS = st.recursive(
    NUMBERS | tensors() | st.none() | st.text(max_size=5) | st.binary(max_size=3) | st.complex_numbers(),
    lambda parts: (
        st.lists(parts, max_size=5)
        | st.lists(parts, max_size=4).map(tuple)
        | st.dictionaries(st.sampled_from(["w", "b", "losses", ""]), parts, max_size=3)
    ),
    max_leaves=12,
)
FLOATS = st.sampled_from(EDGES) | st.floats()
REFERENCES = (
    FLOATS
    | tensors()
    | st.lists(FLOATS, max_size=6)
    | st.lists(st.tuples(FLOATS, FLOATS), max_size=5)
    | st.fixed_dictionaries({"w": FLOATS, "b": FLOATS, "losses": st.lists(FLOATS, max_size=4)})
)
thorough = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))


@thorough
@given(ANSWERS, REFERENCES)
@example([1.7e308] * 12, [1.0 * number for number in range(12)])
@example([1.7e308, -1.7e308], [1.0, 2.0])
@example([(1.7e308, -1.7e308)] * 3, [(1.0, 2.0), (3.0, 4.0), (-1.7e308, 1.7e308)])
@example(torch.tensor([[1.7e308, 0.0], [0.0, -1.7e308]], dtype=FLOAT64), torch.ones(2, 2, dtype=FLOAT64))
@example("aa", [1.0, 2.0])
@example(b"aa", [1.0, 2.0])
def test_no_answer_breaks_what_looks_at_it(returned: Any, wanted: Any) -> None:
    document = wire.encode(returned)
    with bounded(len(document)):
        look_at(wire.decode(document), wanted)


@thorough
@given(st.data())
def test_no_answer_of_the_right_shape_breaks_what_looks_at_it(data: st.DataObject) -> None:
    shape = data.draw(SHAPES)
    returned, wanted = data.draw(tensors(st.just(shape))), data.draw(tensors(st.just(shape)))
    for answer in (returned, *([returned.tolist()] if returned.ndim else [])):
        look_at(answer, wanted)
        if wanted.ndim and not wanted.is_complex():
            look_at(answer, wanted.double().tolist())
