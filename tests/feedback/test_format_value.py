"""Values as text: what can be pasted gives the same value again, and what is shown fits a line and hides nothing."""

import math
import unicodedata
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.feedback import format_value
from grader.sandbox.figure import Axes, Picture
from grader.sandbox.wire import Opaque
from grader.sandbox.worker import CODE
from grader.text import clean

some = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
INTS = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
COMPLEX = [torch.complex64, torch.complex128]


def evaluated(text: str) -> Any:
    """Return what a student gets who pastes the text below `import torch`."""
    return eval(text, {"torch": torch})


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal in type, dtype, shape and entries; nan is nan, and -0.0 is not 0.0."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Tensor):
        return left.dtype == right.dtype and left.shape == right.shape and same(left.tolist(), right.tolist())
    if isinstance(left, (float, complex)):
        return repr(left) == repr(right)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


@st.composite
def tensors(draw: st.DrawFn, dtypes: list[torch.dtype]) -> Tensor:
    """Draw a small tensor of any entries, nan and the infinities among them."""
    dtype = draw(st.sampled_from(dtypes))
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    if dtype.is_floating_point:
        floats = draw(st.lists(st.floats(), min_size=math.prod(shape), max_size=math.prod(shape)))
        return torch.tensor(floats, dtype=torch.float64).to(dtype).reshape(shape)
    size = math.prod(shape) * dtype.itemsize
    content = draw(st.binary(min_size=size, max_size=size))
    if not content:
        return torch.zeros(shape, dtype=dtype)
    if dtype is torch.bool:
        return torch.tensor([byte % 2 == 1 for byte in content]).reshape(shape)
    return torch.frombuffer(bytearray(content), dtype=dtype).reshape(shape)


def values() -> st.SearchStrategy[Any]:
    """Draw what a check can pass to a student's function."""
    return st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=10),
            st.binary(max_size=10),
            tensors(FLOATS + INTS),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.dictionaries(st.text(max_size=5), inner, max_size=3),
        ),
        max_leaves=8,
    )


def anything() -> st.SearchStrategy[Any]:
    """Draw what a student's function can return, hostile names among it."""
    others = st.one_of(
        st.text().map(Opaque),
        st.just(Picture((Axes(),))),
        st.text(),
        st.binary(),
        st.complex_numbers(),
        st.integers(10**400, 10**500),
        tensors(COMPLEX),
        st.lists(st.floats(), min_size=10, max_size=20),
        st.lists(st.tuples(st.floats(), st.floats()), min_size=10, max_size=20),
        st.lists(st.floats(), min_size=15, max_size=40).map(torch.tensor),
    )
    return st.one_of(values(), others, st.lists(others, max_size=3), st.dictionaries(st.text(), others, max_size=3))


# ---- Literals and calls ----------------------------------------------------------------------------------------------


@many
@given(value=values())
def test_a_literal_gives_the_value_again(value: Any) -> None:
    assert same(evaluated(format_value.literal(value)), value)


@many
@given(tensor=tensors(FLOATS + INTS))
def test_the_literal_of_a_tensor_gives_dtype_shape_and_every_entry_again(tensor: Tensor) -> None:
    assert same(evaluated(format_value.literal(tensor)), tensor)


@pytest.mark.parametrize("dtype", FLOATS + INTS + COMPLEX, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (1,), (2, 2)], ids=str)
def test_every_dtype_has_a_literal_in_every_shape(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    tensor = torch.arange(math.prod(shape), dtype=torch.float64).reshape(shape).to(dtype)
    assert same(evaluated(format_value.literal(tensor)), tensor)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_nan_and_the_infinities_have_a_literal(dtype: torch.dtype) -> None:
    tensor = torch.tensor([math.nan, math.inf, -math.inf, 0.5], dtype=dtype)
    assert same(evaluated(format_value.literal(tensor)), tensor)
    assert same(evaluated(format_value.literal(tensor[1])), tensor[1])
    assert same(evaluated(format_value.literal([math.nan, (math.inf, -math.inf)])), [math.nan, (math.inf, -math.inf)])


@pytest.mark.parametrize("value", [1 + 2j, -0j, complex("inf"), complex("nan"), complex(0, math.inf)], ids=repr)
def test_a_complex_number_has_a_literal(value: complex) -> None:
    pasted = evaluated(format_value.literal(value))
    assert (math.isnan(pasted.real), math.isnan(pasted.imag)) == (math.isnan(value.real), math.isnan(value.imag))
    assert pasted == value or math.isnan(value.real)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (-3, "-3"),
        (0.5, "0.5"),
        (math.nan, 'float("nan")'),
        (-math.inf, 'float("-inf")'),
        ("it's", '"it\'s"'),
        ("a\nb\x1b", "'a\\nb\\x1b'"),
        (b"a\x00", "b'a\\x00'"),
        ([], "[]"),
        ((), "()"),
        ((1.0,), "(1.0,)"),
        ([(0.0, 1), {"a": [2.5]}], "[(0.0, 1), {'a': [2.5]}]"),
        (torch.tensor([1.0, 0.5]), "torch.tensor([1.0, 0.5])"),
        (torch.tensor([0.1, 1 / 3]), "torch.tensor([0.1, 0.33333334])"),
        (torch.tensor([1.0, 0.5], dtype=torch.float64), "torch.tensor([1.0, 0.5], dtype=torch.float64)"),
        (torch.tensor(3), "torch.tensor(3)"),
        (torch.tensor([[True], [False]]), "torch.tensor([[True], [False]])"),
        (torch.tensor([1, 2], dtype=torch.uint8), "torch.tensor([1, 2], dtype=torch.uint8)"),
        (torch.zeros(0), "torch.zeros((0,))"),
        (torch.zeros(2, 0, dtype=torch.int64), "torch.zeros((2, 0), dtype=torch.int64)"),
        (torch.zeros(20, 20), "torch.tensor([" + ", ".join(["[" + ", ".join(["0.0"] * 20) + "]"] * 20) + "])"),
        (torch.zeros(20, 21), "<tensor of shape (20, 21)>"),
    ],
    ids=lambda value: value[:40] if type(value) is str else "",
)
def test_a_literal_reads_as_a_person_would_write_it(value: Any, text: str) -> None:
    assert format_value.literal(value) == text


@given(value=anything())
@some
def test_a_literal_is_one_printable_line_of_whatever(value: Any) -> None:
    assert format_value.literal(value).isprintable() or type(value) is Opaque


def _pasted(text: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    def function(*args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, kwargs

    pasted: tuple[tuple[Any, ...], dict[str, Any]] = eval(text, {"torch": torch, "function": function})
    return pasted


@some
@given(
    args=st.lists(values(), max_size=4),
    kwargs=st.dictionaries(st.sampled_from(["lr", "steps", "a_long_name_of_a_parameter"]), values(), max_size=2),
    named=st.integers(0, 4),
)
def test_a_call_can_be_pasted(args: list[Any], kwargs: dict[str, Any], named: int) -> None:
    """The parameters that are known are named; a call of positional arguments only stays one."""
    parameters = ["x", "y", "w_values", "b_values"][:named]
    if len(args) > len(parameters):
        parameters = []
    text = format_value.call("function", args, kwargs, parameters)
    pasted_args, pasted_kwargs = _pasted(text)
    wanted = dict(zip(parameters, args, strict=False)) | kwargs
    assert same(list(pasted_args), args[len(parameters) :])
    assert same(pasted_kwargs, wanted)


def test_the_values_of_lines_that_a_check_runs_are_broken_like_those_of_a_call() -> None:
    weights = torch.arange(24.0).reshape(4, 6)
    values = {"params": {"W": weights, "b": torch.zeros(2)}, "X": weights, "lr": 0.5}

    text = format_value.call("Net", ["net = Net(params)\nnet(X)"], values, [], CODE)

    assert text.endswith("\nlr = 0.5\nnet = Net(params)\nnet(X)")
    assert max(map(len, text.splitlines())) <= format_value.MAX_LINE
    known: dict[str, Any] = {"torch": torch, "Net": lambda params: lambda x: (params, x)}
    exec(text, known)
    assert torch.equal(known["params"]["W"], weights)
    assert torch.equal(known["X"], weights)


def test_a_short_call_is_one_line() -> None:
    text = format_value.call("run_descent", [torch.tensor([1.0]), 0.5], {"steps": 2}, ["x", "lr"])
    assert text == "run_descent(x=torch.tensor([1.0]), lr=0.5, steps=2)"


def test_a_call_without_arguments_is_one_line() -> None:
    assert format_value.call("f", [], {}, ["x"]) == "f()"


def test_a_call_of_exactly_the_most_characters_is_one_line_and_a_longer_one_is_not() -> None:
    assert format_value.call("f", ["a" * 75], {}, ["x"]).count("\n") == 0
    assert format_value.call("f", ["a" * 76], {}, ["x"]) == "f(\n    x='" + "a" * 76 + "',\n)"


def test_a_long_call_has_an_argument_a_line() -> None:
    text = format_value.call("compute_grid", [torch.arange(30), 0.25], {"steps": 2}, ["x", "b"])
    assert text.splitlines() == [
        "compute_grid(",
        f"    x=torch.tensor({list(range(30))}),",
        "    b=0.25,",
        "    steps=2,",
        ")",
    ]


def test_a_dict_that_is_too_long_has_an_entry_a_line_and_a_matrix_a_row() -> None:
    wide = torch.arange(24.0, dtype=torch.float64).reshape(2, 12)
    params = {"W1": wide, "b1": torch.tensor([0.5, 1.0])}
    text = format_value.call("mlp_forward", [params, "relu"], {}, ["params", "activation"])
    first, second = ([float(number) for number in range(start, start + 12)] for start in (0, 12))
    assert text.splitlines() == [
        "mlp_forward(",
        "    params={",
        "        'W1': torch.tensor([",
        f"            {first},",
        f"            {second},",
        "        ], dtype=torch.float64),",
        "        'b1': torch.tensor([0.5, 1.0]),",
        "    },",
        "    activation='relu',",
        ")",
    ]
    (pasted, _), _ = _pasted(text.replace("params=", "").replace("activation=", "").replace("mlp_forward", "function"))
    assert same(pasted, params)


# ---- Clean text ------------------------------------------------------------------------------------------------------


def _hides(character: str) -> bool:
    """Whether a terminal does something else with a character than to show it."""
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@many
@given(text=st.text(st.characters(), max_size=40))
@example(text="\x1b[2J\x1b]0;title\x07\r\x08\x7f\x9b31m")
@example(text="\u202e\u2028\u2029\x85\u200b\ufeff\ud800")
def test_a_clean_text_holds_no_control_character(text: str) -> None:
    cleaned = clean(text)
    assert not any(map(_hides, cleaned))
    cleaned.encode("utf-8")


@many
@given(text=st.text(st.characters(), max_size=40))
def test_a_clean_text_has_no_more_lines_than_line_feeds(text: str) -> None:
    assert len(f"{clean(text)}.".splitlines()) == text.count("\n") + 1


@some
@given(text=st.text(st.characters(), max_size=40))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@some
@given(text=st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n\t"), max_size=40))
def test_what_can_be_printed_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("50 %\rpassed", "50 %\\rpassed"),
        ("\ud800", "\\ud800"),
        ("\u202egnp.", "\\u202egnp."),
        ("\U000e0001", "\\U000e0001"),
        ("naïve ∇L 损失 🙂", "naïve ∇L 损失 🙂"),
        ("a\tb\nc", "a\tb\nc"),
        ("", ""),
    ],
    ids=ascii,
)
def test_a_control_character_is_spelled_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


# ---- Short forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (2.0, "2."),
        (-2.0, "-2."),
        (0.5, "0.5"),
        (1 / 3, "0.3333"),
        (1e-9, "1e-09"),
        (123456.0, "1.235e+05"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        ("a\x1bb", "'a\\x1bb'"),
        (Opaque("a set\x1b"), "a set\\x1b"),
        (Picture((Axes(), Axes())), "a matplotlib figure"),
        ([], "[]"),
        ((), "()"),
        ((1.0,), "(1.,)"),
        ([(0.0, 0.5), (1 / 3, 1.0)], "[(0., 0.5), (0.3333, 1.)]"),
        ({"w": 1.0, "b": [2]}, "{'w': 1., 'b': [2]}"),
        (torch.tensor(0.5), "0.5"),
        (torch.tensor([1.0, 1 / 3]), "[1., 0.3333]"),
        (torch.tensor([[1.0], [2.0]]), "[[1.], [2.]]"),
        (torch.tensor([1, 2]), "[1, 2] (torch.int64)"),
        (torch.tensor(True), "True (torch.bool)"),
        (torch.zeros(0, 3), "an empty tensor of shape (0, 3)"),
        (torch.arange(20.0), "[0., 1., 2., 3., ...], a tensor of shape (20,)"),
        (torch.zeros(5, 4), "[0., 0., 0., 0., ...], a tensor of shape (5, 4)"),
        ([0.5] * 17, "[0.5, 0.5, 0.5, ... (17 entries)]"),
        ([(0.5, 1.0)] * 20, "[(0.5, 1.), (0.5, 1.), (0.5, 1.), ... (20 entries)]"),
    ],
    ids=lambda value: value if type(value) is str else "",
)
def test_a_short_form_is_what_a_person_would_say(value: Any, text: str) -> None:
    assert format_value.short(value) == text


def test_sixteen_entries_are_shown_in_full_and_seventeen_are_not() -> None:
    for size, is_full in ((16, True), (17, False)):
        assert (format_value.short(torch.zeros(size)) == f"[{', '.join(['0.'] * size)}]") == is_full
        assert (format_value.short([0.0] * size) == f"[{', '.join(['0.'] * size)}]") == is_full
    assert format_value.short(torch.zeros(4, 4), cell=(0, 0)).startswith("[[0., ")


def test_the_text_of_three_hundred_characters_is_not_cut() -> None:
    assert format_value.short("a" * (format_value.MAX_TEXT - 2)) == repr("a" * (format_value.MAX_TEXT - 2))
    assert format_value.short("a" * (format_value.MAX_TEXT - 1)).endswith("a...")


def test_a_large_tensor_shows_the_cell_that_is_asked_for() -> None:
    tensor = torch.arange(20.0).reshape(4, 5)
    assert format_value.short(tensor, cell=(2, 3)) == "13. at [2, 3], a tensor of shape (4, 5)"
    assert format_value.short(tensor, cell=(1,)).startswith("[5., 6., 7., 8., 9.] at [1], ")


def test_a_long_list_shows_the_entry_that_is_asked_for() -> None:
    path = [(float(step), 0.5) for step in range(20)]
    assert format_value.short(path, cell=(7, 1)) == "(7., 0.5) at [7], 20 entries in all"


@many
@given(value=anything(), digits=st.sampled_from([4, 6, 9, 12, 17]))
@example(value=Opaque("x\n  passed  everything  9 of 9 points"), digits=4)
@example(value=[Opaque("a\tb")], digits=4)
def test_a_short_form_is_one_printable_line_of_bounded_length(value: Any, digits: int) -> None:
    """A second line would stand in the report at the margin, where the grader's own lines stand."""
    text = format_value.short(value, digits)
    assert len(text) <= format_value.MAX_TEXT
    assert text.isprintable()


def test_a_short_form_of_much_is_cut() -> None:
    for value in (
        "a" * 10**5,
        [["b" * 100] * 16] * 16,
        {str(key): key for key in range(10**4)},
        10**1000,
        bytes(10**4),
    ):
        text = format_value.short(value)
        assert len(text) == format_value.MAX_TEXT
        assert text.endswith("...")


def test_the_length_is_bounded_for_every_cell() -> None:
    tensor = torch.rand(3, 400, dtype=torch.float64)
    assert len(format_value.short(tensor, 17, (2,))) <= format_value.MAX_TEXT


# ---- Pairs -----------------------------------------------------------------------------------------------------------


@many
@given(left=st.floats(), right=st.floats())
@example(left=1.0, right=math.nextafter(1.0, 2.0))
@example(left=1.0, right=math.nan)
def test_two_different_floats_never_look_the_same(left: float, right: float) -> None:
    texts = format_value.pair(left, right)
    assert (texts[0] == texts[1]) == same(left, right)


@many
@given(left=tensors([torch.float64]), right=tensors([torch.float64]))
def test_two_different_small_tensors_never_look_the_same(left: Tensor, right: Tensor) -> None:
    left, right = left.flatten()[:8], right.flatten()[:8]
    texts = format_value.pair(left, right)
    assert (texts[0] == texts[1]) == same(left, right)


@many
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    data=st.data(),
    as_list=st.booleans(),
)
def test_a_difference_in_the_named_cell_is_seen_wherever_it_is(
    values: list[float], data: st.DataObject, as_list: bool
) -> None:
    cell = data.draw(st.integers(0, len(values) - 1), label="cell")
    other = [*values]
    other[cell] = math.nextafter(values[cell], math.inf)
    left, right = (values, other) if as_list else (torch.tensor(v, dtype=torch.float64) for v in (values, other))
    texts = format_value.pair(left, right, (cell,))
    assert texts[0] != texts[1]


def test_a_difference_in_the_last_of_sixteen_points_is_seen() -> None:
    """Fifteen steps of a descent: only the last point is wrong, by one in a hundred."""
    path = [(-0.0001234567 * step, 0.00012345678 * step) for step in range(1, 17)]
    wrong = [*path[:-1], (path[-1][0], path[-1][1] * 1.01)]
    assert len(set(format_value.pair(wrong, path))) == 2
    assert len(set(format_value.pair(wrong, path, (15, 1)))) == 2


def test_two_equal_long_values_show_their_beginning() -> None:
    path = [(-0.0001234567 * step, 0.00012345678 * step) for step in range(1, 17)]
    for text in format_value.pair(path, list(path)):
        assert text.startswith("[(-0.000123")
        assert text.endswith("...")


def test_as_many_digits_are_shown_as_it_takes() -> None:
    assert format_value.pair(0.5, 0.25) == ("0.5", "0.25")
    assert format_value.pair(1.00001, 1.0) == ("1.00001", "1.")
    assert format_value.pair(1 / 3, 1 / 3 + 1e-10) == ("0.333333333333", "0.333333333433")
    assert format_value.pair([1.0, 2.0], [1.0, 2.0]) == ("[1., 2.]", "[1., 2.]")


@some
@given(left=anything(), right=anything(), cell=st.one_of(st.none(), st.just((0,))))
def test_a_pair_of_whatever_is_bounded(left: Any, right: Any, cell: tuple[int, ...] | None) -> None:
    for text in format_value.pair(left, right, cell):
        assert len(text) <= format_value.MAX_TEXT
