"""The kind of a returned value: converted leniently, or refused with a sentence that helps."""

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed
from grader.feedback import coercion
from grader.feedback.coercion import coerce
from grader.sandbox.figure import Axes, Picture
from grader.sandbox.wire import Opaque

some = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PATH = [(0.0, 0.0), (1.5, 2.0), (1.25, 1.25)]


def refusal(value: Any, wanted: Any, **named: Any) -> str:
    """Return the message that refuses a value."""
    with pytest.raises(CheckFailed) as caught:
        coerce(value, wanted, named.pop("sizes", {}), **named)
    assert caught.value.message == str(caught.value)
    return caught.value.message


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal in type, dtype, shape and entries; nan is nan."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Tensor):
        return left.dtype == right.dtype and left.shape == right.shape and same(left.tolist(), right.tolist())
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, (float, complex)):
        return repr(left) == repr(right)
    return bool(left == right)


DTYPES = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int8,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
]


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    """Draw a small tensor of any dtype and shape, nan and inf among the floats."""
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    numbers = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, -2.25, 1e30, math.nan, math.inf, -math.inf]))
    size = math.prod(shape)
    entries = draw(st.lists(numbers if dtype.is_floating_point else st.integers(0, 3), min_size=size, max_size=size))
    return torch.tensor(entries, dtype=torch.float64).to(dtype).reshape(shape)


def numeric() -> st.SearchStrategy[Any]:
    """Draw any numeric value of the wire, nested in lists, tuples and dicts."""
    numbers = st.one_of(st.floats(), st.integers(), st.integers(10**300, 10**400), st.booleans(), tensors())
    return st.recursive(
        st.one_of(numbers, st.complex_numbers()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
        max_leaves=8,
    )


def anything() -> st.SearchStrategy[Any]:
    """Draw any value that can come over the wire."""
    others = st.sampled_from([None, "text", b"bytes", Opaque("numpy.ndarray"), Opaque("\x1b[31m"), Picture((Axes(),))])
    return st.one_of(
        numeric(),
        others,
        st.lists(st.one_of(numeric(), others), max_size=3),
        st.lists(st.one_of(numeric(), others), max_size=3).map(tuple),
    )


# ---- What is right, however it is written ----------------------------------------------------------------------------


@many
@given(value=numeric())
def test_a_value_is_of_its_own_kind_and_stays_as_it_is(value: Any) -> None:
    assert same(coerce(value, value, {}), value)


@pytest.mark.parametrize("value", [None, "text", b"bytes", True, Picture((Axes("title"),)), [], (), {}], ids=repr)
def test_other_values_are_of_their_own_kind_too(value: Any) -> None:
    assert coerce(value, value, {}) is value or coerce(value, value, {}) == value


@pytest.mark.parametrize(
    "value",
    [
        PATH,
        tuple(PATH),
        [list(point) for point in PATH],
        tuple(list(point) for point in PATH),
        torch.tensor(PATH),
        torch.tensor(PATH, dtype=torch.float64),
        torch.tensor(PATH, requires_grad=True),
        [torch.tensor(point) for point in PATH],
        [(torch.tensor(w), torch.tensor(b)) for w, b in PATH],
        [(torch.tensor(w, requires_grad=True), b) for w, b in PATH],
        [(0, 0), (1.5, 2), (1.25, 1.25)],
        [(torch.tensor(0), 0), torch.tensor([1.5, 2.0]), [1.25, 1.25]],
    ],
    ids=[
        "list of tuples",
        "tuple of tuples",
        "list of lists",
        "tuple of lists",
        "tensor",
        "float64 tensor",
        "tensor with gradients",
        "list of tensors",
        "pairs of tensors",
        "one tensor in a pair",
        "whole numbers as ints",
        "all at once",
    ],
)
def test_a_path_is_right_however_its_points_are_held(value: Any) -> None:
    assert same(coerce(value, PATH, {}), PATH)


@pytest.mark.parametrize(
    "value",
    [0.5, torch.tensor(0.5), torch.tensor(0.5, dtype=torch.float64), torch.tensor(0.5, requires_grad=True)],
    ids=["float", "tensor", "float64 tensor", "tensor with gradients"],
)
def test_a_float_is_right_as_a_tensor_without_dimensions(value: Any) -> None:
    assert same(coerce(value, 2.25, {}), 0.5)


@pytest.mark.parametrize("value", [2, torch.tensor(2), torch.tensor(2, dtype=torch.int8)], ids=repr)
def test_a_whole_number_is_a_float(value: Any) -> None:
    assert same(coerce(value, 0.5, {}), 2.0)


@pytest.mark.parametrize(("value", "number"), [(torch.tensor(3), 3), (torch.tensor(-1, dtype=torch.int16), -1), (4, 4)])
def test_an_int_is_right_as_a_tensor_without_dimensions(value: Any, number: int) -> None:
    assert same(coerce(value, 7, {}), number)


@pytest.mark.parametrize("value", [True, torch.tensor(True)], ids=repr)
def test_a_bool_is_right_as_a_tensor_without_dimensions(value: Any) -> None:
    assert same(coerce(value, False, {}), True)


@pytest.mark.parametrize("value", [0.5, 2, math.inf], ids=repr)
def test_a_tensor_without_dimensions_is_right_as_a_number(value: Any) -> None:
    assert same(coerce(value, torch.tensor(1.0), {}), torch.tensor(float(value), dtype=torch.float64))


def test_precision_is_not_a_matter_of_kind() -> None:
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        assert same(coerce(torch.ones(2, dtype=dtype), torch.zeros(2), {}), torch.ones(2, dtype=dtype))
    for dtype in (torch.uint8, torch.int8, torch.int32, torch.int64):
        assert same(
            coerce(torch.ones(2, dtype=dtype), torch.zeros(2, dtype=torch.int64), {}), torch.ones(2, dtype=dtype)
        )


def test_gradient_history_is_left_behind() -> None:
    value = coerce(torch.ones(2, requires_grad=True) * 2, torch.zeros(2, requires_grad=True), {})
    assert not value.requires_grad
    assert not coerce([torch.ones(2, requires_grad=True)], [torch.zeros(2)], {})[0].requires_grad


def test_the_container_becomes_the_expected_one() -> None:
    assert same(coerce([1.0, [2.0]], (0.0, (0.0,)), {}), (1.0, (2.0,)))
    assert same(coerce((1.0, (2.0,)), [0.0, [0.0]], {}), [1.0, [2.0]])


def test_the_keys_of_a_dict_may_come_in_any_order() -> None:
    assert coerce({"b": 1, "a": (2.0,)}, {"a": [0.0], "b": 0.0}, {}) == {"a": [2.0], "b": 1.0}


@pytest.mark.parametrize("value", [[], (), torch.zeros(0), torch.zeros(0, 2)], ids=repr)
def test_an_empty_path_is_right_however_it_is_held(value: Any) -> None:
    assert coerce(value, [], {}) == []


def test_an_empty_tensor_of_many_rows_is_not_an_empty_list() -> None:
    for shape in ((2**20, 0), (1, 0), (3, 0, 2)):
        with pytest.raises(CheckFailed, match=re.escape(f"has shape {shape}")):
            coerce(torch.zeros(shape), [], {})


# ---- None, and other kinds of objects --------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [torch.zeros(2), 1.0, [1.0], (1.0,), {"a": 1}, "text", Picture()], ids=repr)
def test_none_is_told_how_a_function_returns_it(wanted: Any) -> None:
    assert refusal(None, wanted) == (
        "Your function returned None: it has no `return` at its end, or returns None there."
    )


def test_none_inside_a_value_says_where() -> None:
    expected = "Your function returned None at [1][0], expected a float."
    assert refusal([(0.0, 1.0), (None, 1.0)], [(0.0, 1.0), (0.0, 1.0)]) == expected


def test_none_is_right_where_none_is_expected() -> None:
    assert coerce(None, None, {}) is None
    assert refusal(1, None) == "Your function returned an int, expected None."


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "an array of dtype object",
            (
                "Your function returned an array of dtype object, expected a tensor of plain numbers. "
                "Convert it, for example with `.astype(float)`."
            ),
        ),
        (
            "module",
            (
                "Your function returned a module, expected a tensor. "
                "Return a value, not a module: for a plot the figure, not `plt`."
            ),
        ),
        (
            "generator",
            (
                "Your function returned a generator, expected a tensor. "
                "Convert it with `list(...)`, or use `return` instead of `yield`."
            ),
        ),
        (
            "coroutine",
            (
                "Your function returned a coroutine, expected a tensor. "
                "Write a plain `def`: calling an `async def` only creates a coroutine."
            ),
        ),
        (
            "function",
            (
                "Your function returned a function, expected a tensor. "
                "Call the function with `(...)` and return its result."
            ),
        ),
        (
            "builtin_function_or_method",
            (
                "Your function returned a builtin_function_or_method, expected a tensor. "
                "Call the method with `()`, as in `.mean()`."
            ),
        ),
        (
            "method",
            ("Your function returned a method, expected a tensor. Call the method with `()`, as in `.mean()`."),
        ),
        ("set", "Your function returned a set, expected a tensor."),
        ("object", "Your function returned an object, expected a tensor."),
        ("Ellipsis", "Your function returned an Ellipsis, expected a tensor."),
        (
            "a sparse tensor (torch.sparse_coo)",
            "Your function returned a sparse tensor (torch.sparse_coo), expected a tensor.",
        ),
        (
            "an int of more than 1000 digits",
            "Your function returned an int of more than 1000 digits, expected a tensor.",
        ),
    ],
)
def test_an_opaque_object_is_named_with_advice(name: str, sentence: str) -> None:
    assert refusal(Opaque(name), torch.zeros(2)) == sentence


def test_a_hostile_name_is_spelled_out() -> None:
    text = refusal(Opaque("\x1b[2J\rpassed"), 1.0)
    assert text == "Your function returned a \\x1b[2J\\rpassed, expected a float."
    assert refusal(Opaque(""), 1.0).isprintable()


# ---- Another kind ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted", "sentence"),
    [
        ("1.0", 1.0, "Your function returned a string, expected a float."),
        (True, 1.0, "Your function returned a bool, expected a float."),
        (1.5, 1, "Your function returned a float, expected an int."),
        (True, 1, "Your function returned a bool, expected an int."),
        (1, True, "Your function returned an int, expected a bool."),
        (1j, 1.0, "Your function returned a complex number, expected a float."),
        (
            torch.zeros(1),
            1.0,
            "Your function returned a tensor of shape (1,), expected a float. Use `.item()`.",
        ),
        (
            torch.zeros(1, 1, dtype=torch.int64),
            1,
            "Your function returned a tensor of shape (1, 1), expected an int. Use `.item()`.",
        ),
        (torch.zeros(2), 1.0, "Your function returned a tensor of shape (2,), expected a float."),
        (torch.zeros(0), 1.0, "Your function returned a tensor of shape (0,), expected a float."),
        (torch.zeros(2), "text", "Your function returned a tensor, expected a string."),
        (b"text", "text", "Your function returned bytes, expected a string."),
        (1.0, [1.0], "Your function returned a float, expected a list."),
        ("ab", ["a", "b"], "Your function returned a string, expected a list."),
        ({"a": 1}, [1], "Your function returned a dict, expected a list."),
        ([1], {"a": 1}, "Your function returned a list, expected a dict."),
        (1.0, (1.0, 2.0), "Your function returned a float, expected a tuple."),
        (
            Opaque("map"),
            [1],
            "Your function returned a map, expected a list. Convert it with `list(...)`.",
        ),
        (
            Opaque("set"),
            (1,),
            "Your function returned a set, expected a tuple. Convert it with `tuple(...)`.",
        ),
        (torch.zeros(2), Picture(), "Your function returned a tensor, expected a matplotlib figure."),
        (Picture(), torch.zeros(2), "Your function returned a matplotlib figure, expected a tensor."),
        ((1.0, 2.0), torch.zeros(2), "Your function returned a tuple, expected a tensor."),
        (1.0, torch.zeros(2), "Your function returned a float, expected a tensor."),
        (
            [1.0, 2.0],
            torch.zeros(2),
            (
                "Your function returned a list, expected a tensor. "
                "Use `torch.tensor(...)` for a list of numbers, and `torch.stack(...)` for a list of tensors."
            ),
        ),
        (torch.zeros(2, 2), ["a", "b"], "Your function returned a tensor, expected a list."),
        ([(0.0, "1")], PATH[:1], "Your function returned a string at [0][1], expected a float."),
        (
            [(0.0, torch.zeros(2))],
            PATH[:1],
            "Your function returned a tensor of shape (2,) at [0][1], expected a float.",
        ),
        ([[0.0], 1.0], [[0.0], [1.0]], "Your function returned a float at [1], expected a list."),
        ({"w": "1"}, {"w": 1.0}, "Your function returned a string at ['w'], expected a float."),
        (
            [{"w": (1.0, None)}],
            [{"w": (1.0, 2.0)}],
            "Your function returned None at [0]['w'][1], expected a float.",
        ),
    ],
    ids=lambda value: value if type(value) is str and " " in value else repr(value)[:30],
)
def test_another_kind_is_said_in_one_sentence(value: Any, wanted: Any, sentence: str) -> None:
    assert refusal(value, wanted) == sentence


def test_the_place_may_have_a_name_from_the_start() -> None:
    assert refusal("a", 1.0, where=" losses") == "Your function returned a string at  losses, expected a float."


def test_the_failure_carries_both_values() -> None:
    value, wanted = "a", torch.zeros(2)
    with pytest.raises(CheckFailed) as caught:
        coerce(value, wanted, {})
    assert caught.value.returned is value
    assert caught.value.wanted is wanted


def test_a_missing_key_is_named() -> None:
    assert refusal({"a": 1}, {"a": 1, "b": 2}) == "Your dict has no key 'b'."


def test_a_key_too_many_is_named() -> None:
    assert refusal({"a": 1, "x\x1b": 2}, {"a": 1}).startswith("Your dict has an unexpected key 'x")
    assert "\x1b" not in refusal({"a": 1, "x\x1b": 2}, {"a": 1})
    assert refusal({"a": 1, "z": 2}, {"a": 1}) == "Your dict has an unexpected key 'z'."


# ---- Another shape or dtype ------------------------------------------------------------------------------------------


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Tensor, Tensor, dict[str, int]]]:
    """Let the explainer describe every pair of tensors as "SEEN.", and record its arguments."""
    asked: list[tuple[Tensor, Tensor, dict[str, int]]] = []

    def explain(returned: Tensor, wanted: Tensor, sizes: dict[str, int]) -> str:
        asked.append((returned, wanted, sizes))
        return "SEEN."

    monkeypatch.setattr(coercion, "explain", explain)
    return asked


Asked = list[tuple[Tensor, Tensor, dict[str, int]]]


def test_another_shape_is_said_with_both_shapes_and_what_is_seen(seen: Asked) -> None:
    text = refusal(torch.zeros(3, 2), torch.zeros(2, 3), sizes={"N": 3})
    assert text == "Your tensor has shape (3, 2), expected (2, 3). SEEN."
    assert seen[0][2] == {"N": 3}


def test_another_shape_inside_a_value_says_where(seen: Asked) -> None:
    text = refusal({"w": [torch.zeros(1)]}, {"w": [torch.zeros(())]})
    assert text == "Your tensor at ['w'][0] has shape (1,), expected (). SEEN."
    assert len(seen) == 1


def test_another_dtype_is_said_with_both_dtypes_and_what_is_seen(seen: Asked) -> None:
    text = refusal(torch.zeros(2, dtype=torch.int64), torch.zeros(2))
    assert text == "Your tensor has dtype torch.int64, expected torch.float32. SEEN."
    assert len(seen) == 1


def test_another_length_is_said_with_both_lengths_and_what_is_seen(seen: Asked) -> None:
    assert refusal(PATH[:2], PATH) == "Your list has 2 entries, expected 3. SEEN."
    assert seen[0][0].tolist() == [[0.0, 0.0], [1.5, 2.0]]
    assert refusal((PATH[0],), PATH) == "Your tuple has 1 entry, expected 3. SEEN."
    assert refusal([(0.0, 0.0), (1.0,)], PATH[:2]) == "Your list has 1 entry, expected 2. SEEN." or len(seen) > 2


def test_numbers_in_tensors_without_dimensions_are_numbers_to_the_explainer(seen: Asked) -> None:
    refusal([torch.tensor(1.0), 2, torch.tensor(3)], [0.0, 0.0])
    assert seen[0][0].tolist() == [1.0, 2.0, 3.0]
    refusal([torch.tensor(1j), 2.0, 3.0], [0.0, 0.0])
    refusal([torch.zeros(1), 2.0, 3.0], [0.0, 0.0])
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("value", "wanted", "text"),
    [
        ([1.0, 2.0], [1.0, 2.5, 3.0], "Your list has 2 entries, expected 3."),
        ([], PATH, "Your list has 0 entries, expected 3."),
        ([0.0, 1.0], PATH, "Your list has 2 entries, expected 3."),
        ([(9.0, 9.0)], PATH, "Your list has 1 entry, expected 3."),
        (PATH[1:], PATH, "Your list has 2 entries, expected 3. Here the first row is missing; the others are right."),
        (torch.zeros(5), torch.ones(3), "Your tensor has shape (5,), expected (3,)."),
        (torch.zeros(5), PATH, "Your tensor has shape (5,), expected (3, 2)."),
    ],
    ids=repr,
)
def test_another_length_is_said_once(value: Any, wanted: Any, text: str) -> None:
    assert refusal(value, wanted) == text


def test_a_very_long_list_is_refused_without_a_look(seen: Asked) -> None:
    refusal([0.0] * coercion.MAX_NUMERIC, [0.0])
    assert len(seen) == 1
    assert refusal([0.0] * (coercion.MAX_NUMERIC + 1), [0.0]) == "Your list has 10001 entries, expected 1."
    assert len(seen) == 1


def test_another_length_of_other_values_is_said_without_a_look(seen: Asked) -> None:
    assert refusal(["a"], ["a", "b"]) == "Your list has 1 entry, expected 2."
    assert refusal([], ["a", "b"]) == "Your list has 0 entries, expected 2."
    assert not seen


def test_a_pair_that_is_too_short_says_where(seen: Asked) -> None:
    assert refusal([(0.0, 0.0), (1.0,)], PATH[:2]) == "Your tuple at [1] has 1 entry, expected 2. SEEN."
    assert len(seen) == 1


def test_a_path_as_a_tensor_of_another_shape_is_said_with_both_shapes(seen: Asked) -> None:
    text = refusal(torch.tensor(PATH).T, PATH)
    assert text == "Your tensor has shape (2, 3), expected (3, 2). SEEN."
    assert seen[0][1].shape == (3, 2)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (torch.zeros(3, 2), torch.zeros(2, 3)),
        (torch.zeros(2, 1), torch.zeros(2)),
        (torch.zeros(0), torch.zeros(2)),
        (torch.zeros(()), torch.zeros(2)),
        (torch.zeros(4, 5), torch.zeros(2)),
        (torch.zeros(2, 3, 4), torch.zeros(2, 3)),
        (torch.tensor(PATH).T, PATH),
        (torch.zeros(5), PATH),
    ],
    ids=lambda value: str(tuple(value.shape)) if isinstance(value, Tensor) else "path",
)
def test_both_shapes_are_always_said_with_the_real_explainer(value: Tensor, wanted: Any) -> None:
    text = refusal(value, wanted, sizes={"N": 3})
    shape = wanted.shape if isinstance(wanted, Tensor) else (3, 2)
    assert str(tuple(value.shape)) in text or f" {value.shape[0]} " in text
    assert str(tuple(shape)) in text or f" {shape[0]} " in text


def test_an_int_tensor_where_floats_are_expected_is_told_its_dtype() -> None:
    assert "int64" in refusal(torch.tensor([1, 2]), torch.tensor([1.0, 2.0]))
    assert "bool" in refusal(torch.tensor([True, False]), torch.tensor([1, 0]))
    assert "complex64" in refusal(torch.tensor([1 + 0j]), torch.tensor([1.0]))


# ---- Whatever comes, it is a value or a sentence ---------------------------------------------------------------------


def coerced_or_refused(value: Any, wanted: Any, sizes: dict[str, int]) -> tuple[Any, CheckFailed | None]:
    """Return what a value becomes, or why it is refused."""
    try:
        return coerce(value, wanted, sizes), None
    except CheckFailed as failed:
        return None, failed


@many
@given(value=anything(), wanted=anything(), sizes=st.dictionaries(st.sampled_from(["N", "n_w"]), st.integers(0, 5)))
@example(value=10**400, wanted=1.0, sizes={})
@example(value=-(10**400), wanted=[1.0], sizes={})
@example(value=10**400, wanted=torch.tensor(1.0), sizes={})
@example(value=[10**400], wanted=[1.0, 2.0], sizes={})
@example(value={"\ud800": 1}, wanted={}, sizes={})
def test_any_value_is_coerced_or_refused_in_a_sentence(value: Any, wanted: Any, sizes: dict[str, int]) -> None:
    """Any other exception would be a bug, and a way for a student to get no score instead of a low one."""
    coerced, failed = coerced_or_refused(value, wanted, sizes)
    if failed is not None:
        assert failed.message
        assert failed.message.isprintable()
        assert len(failed.message) <= 1000
    else:
        assert type(coerced) is type(wanted) or type(coerced) is Tensor is type(wanted)
        assert same(coerce(coerced, wanted, sizes), coerced)


@some
@given(value=st.lists(st.lists(st.floats(), min_size=2, max_size=2), max_size=5))
def test_lists_tuples_and_a_tensor_of_the_same_numbers_are_the_same_path(value: list[list[float]]) -> None:
    wanted = [(0.0, 0.0)] * len(value)
    as_tuples = [tuple(point) for point in value]
    for path in (value, as_tuples, tuple(as_tuples), torch.tensor(value, dtype=torch.float64)):
        assert same(coerce(path, wanted, {}), as_tuples)


ARRAY = np.array([1.0, 2.0])
TOLD = {
    "a list of texts": (ARRAY[:1], ["a"], "an array, expected a list. Convert it with `.tolist()`."),
    "a tensor": (ARRAY, torch.ones(2), "an array, expected a tensor. Convert it with `torch.from_numpy(...)`."),
    "a float": (ARRAY, 1.0, "an array of shape (2,), expected a float."),
    "one number": (ARRAY[:1], 1.0, "an array of shape (1,), expected a float. Use `.item()`."),
    "a dict": (ARRAY, {"a": 1.0}, "an array, expected a dict."),
    "an array, from a tensor": (torch.ones(2), ARRAY, "a tensor, expected an array. Convert it with `.numpy()`."),
    "an array, from a list": ([1.0, 2.0], ARRAY, "a list, expected an array. Use `np.array(...)`."),
    "an array, from a float": (1.0, ARRAY, "a float, expected an array."),
}


@pytest.mark.parametrize("kind", TOLD)
def test_an_array_is_of_another_kind_than_a_tensor_and_a_list(kind: str) -> None:
    value, wanted, says = TOLD[kind]

    assert refusal(value, wanted) == f"Your function returned {says}"


def test_an_array_of_another_shape_or_dtype_is_told_as_one() -> None:
    assert refusal(np.ones((2, 1)), ARRAY).startswith("Your result has shape (2, 1), expected (2,).")
    assert refusal(np.ones(3), ARRAY).startswith("Your array has shape (3,), expected (2,).")
    assert refusal(np.array([1, 3]), ARRAY).startswith("Your array has dtype int64, expected float64.")


def test_an_array_comes_back_as_the_array_that_a_check_computes_with() -> None:
    float32, zero = coerce(ARRAY.astype(np.float32), ARRAY), coerce(3, np.array(1.5))

    assert type(float32) is type(zero) is np.ndarray
    assert float32.tolist() == [1.0, 2.0]
    assert zero.tolist() == 3.0
    assert coerce(np.array(1.5), 2.0) == 1.5
    assert coerce(ARRAY, [0.0, 0.0]) == [1.0, 2.0]
    assert coerce({"a": ARRAY}, {"a": ARRAY})["a"].tolist() == [1.0, 2.0]
