"""gradient_report must measure each gradient and each step against its own parameter, and flag what is unusual."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    CheckFailed,
    StudentFunction,
    assert_close,
    examples,
    largest,
    matrices,
    predict,
    row,
    variant,
)

Params = dict[str, Tensor]
Report = dict[str, dict[str, Any]]

ONE: tuple[Params, Params] = ({"w": row(3.0, 4.0)}, {"w": row(0.0, 0.25)})
# Lengths 3, 13 and 2, and gradients of length 0.375, 0.25 and 1.5: no two ratios agree, and neither do largest entries.
THREE: tuple[Params, Params] = (
    {
        "layer.weight": torch.tensor([[1.0, -2.0], [2.0, 0.0]]),
        "layer.bias": row(5.0, -12.0),
        "scale": torch.tensor(-2.0),
    },
    {
        "layer.weight": torch.tensor([[0.25, 0.125], [-0.25, 0.0]]),
        "layer.bias": row(0.0, -0.25),
        "scale": torch.tensor(1.5),
    },
)
# A gradient that is tiny and not 0.
TINY: tuple[Params, Params] = ({"w": row(0.375, -0.5)}, {"w": row(-0.5, -0.375) / 2**40})
some_rates = st.sampled_from([1 / 64, 1 / 16, 1 / 4])


@st.composite
def nets(draw: st.DrawFn) -> tuple[Params, Params]:
    """Draw one to three parameters that are not 0, and their gradients."""
    params, grads = {}, {}
    for number in range(draw(st.integers(1, 3))):
        rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        # Between 1 and 3 in size, with gradients from 1/64 to 1/4 of that: far from every border at all rates.
        sign = draw(st.sampled_from([-1.0, 1.0]))
        params[f"w{number}"] = sign * (draw(matrices(rows, columns, low=0, high=2)) + 1)
        grads[f"w{number}"] = (draw(matrices(rows, columns, low=-1, high=1)).round() + 0.25) / 8
    return params, grads


def _length(values: Tensor) -> float:
    return math.sqrt(sum(value * value for value in values.double().flatten().tolist()))


def _size(tensors: Params) -> float:
    return 1 + sum(largest(part) for part in tensors.values())


def _compare(found: Report, name: str, key: str, expected: float, scale: float) -> None:
    says = f'"{key}" of "{name}" is {float(found[name][key]):.6g}, expected {expected:.6g}.'
    assert_close(found[name][key], expected, scale=scale, says=says)


def _flags(found: Report, expected: dict[str, str], story: str) -> None:
    """Fail unless every flag is the expected one."""
    for name, flag in expected.items():
        if found[name]["flag"] != flag:
            says = f'{story} The flag of "{name}" is {found[name]["flag"]!r}, expected {flag!r}.'
            raise CheckFailed(says, found[name]["flag"], flag)


@given(net=nets(), lr=some_rates)
@example(net=ONE, lr=0.25)
@example(net=THREE, lr=0.25)
def test_grad_norm(gradient_report: StudentFunction, net: tuple[Params, Params], lr: float) -> None:
    """The "grad_norm" is the length of the gradient: the root of the sum of the squares of all its entries."""
    params, grads = net
    found = gradient_report(params, grads, lr)
    for name, grad in grads.items():
        _compare(found, name, "grad_norm", _length(grad), _size(grads))


@given(net=nets(), lr=some_rates)
@example(net=ONE, lr=0.25)
@example(net=THREE, lr=0.25)
def test_update_ratio(gradient_report: StudentFunction, net: tuple[Params, Params], lr: float) -> None:
    """The "update_ratio" is the length of the step, lr times the gradient, divided by the length of the parameter."""
    params, grads = net
    found = gradient_report(params, grads, lr)
    for name, grad in grads.items():
        _compare(found, name, "update_ratio", lr * _length(grad) / _length(params[name]), 1)


@given(net=nets(), lr=some_rates)
@example(net=THREE, lr=0.25)
@example(net=TINY, lr=0.25)
def test_linear_in_lr(gradient_report: StudentFunction, net: tuple[Params, Params], lr: float) -> None:
    """Twice the learning rate doubles every ratio and changes no gradient."""
    params, grads = net
    before, after = gradient_report(params, grads, lr), gradient_report(params, grads, 2 * lr)
    for name in params:
        _compare(after, name, "update_ratio", 2 * before[name]["update_ratio"], 1)
        _compare(after, name, "grad_norm", before[name]["grad_norm"], _size(grads))


@given(net=nets(), lr=some_rates, unit=st.sampled_from([1 / 1024, 1 / 8, 8.0, 1024.0]))
@example(net=THREE, lr=0.25, unit=1 / 1024)
@example(net=THREE, lr=0.25, unit=1024.0)
def test_same_ratio(gradient_report: StudentFunction, net: tuple[Params, Params], lr: float, unit: float) -> None:
    """A parameter and a gradient that are both larger by one factor have the same ratio and the same flag.

    So a wide layer and a narrow one, or a weight and a bias, can be compared.
    """
    params, grads = net
    before = gradient_report(params, grads, lr)
    bigger = [{name: unit * part for name, part in each.items()} for each in (params, grads)]
    after = gradient_report(*bigger, lr)
    for name in params:
        _compare(after, name, "update_ratio", before[name]["update_ratio"], 1)
    story = f"Parameters and gradients were multiplied by {unit:g}."
    _flags(after, {name: before[name]["flag"] for name in params}, story)


@examples(8)
@given(lr=some_rates, exponent=st.sampled_from([-40, -30, -23, -17, -5, -1, 3, 10]))
@example(lr=0.25, exponent=-5)
@example(lr=0.25, exponent=-1)
@example(lr=0.25, exponent=3)
@example(lr=0.25, exponent=-23)
@example(lr=0.25, exponent=-40)
def test_size_of_the_step(gradient_report: StudentFunction, lr: float, exponent: int) -> None:
    """The flag is "large" above a ratio of 0.1, "small" below 1e-6, and "ok" in between."""
    ratio = 2.0**exponent
    flag = "large" if ratio > 0.1 else "small" if ratio < 1e-6 else "ok"
    params, grads = {"w": row(0.375, -0.5)}, {"w": row(-0.5, -0.375) * (ratio / lr)}
    _flags(gradient_report(params, grads, lr), {"w": flag}, f"The ratio is {ratio:.3g}.")


@given(
    bad=st.sampled_from([math.nan, math.inf, -math.inf]), place=st.integers(0, 3), name=st.sampled_from(list(THREE[0]))
)
@example(bad=math.nan, place=0, name="scale")
@example(bad=math.nan, place=0, name="layer.weight")
@example(bad=math.inf, place=1, name="layer.weight")
@example(bad=-math.inf, place=0, name="scale")
def test_not_finite_gradient(gradient_report: StudentFunction, bad: float, place: int, name: str) -> None:
    """A gradient with an entry that is NaN or infinite has the flag "nan", and the other parameters keep theirs.

    A report that says which tensor is hit is worth more than one that says "NaN".
    """
    params, grads = THREE
    entries = grads[name].flatten().clone()
    entries[place % len(entries)] = bad
    spoilt = {**grads, name: entries.view_as(grads[name])}
    usual = {"layer.weight": "ok", "layer.bias": "ok", "scale": "ok"}
    _flags(
        gradient_report(params, spoilt, 0.125), {**usual, name: "nan"}, f'The gradient of "{name}" has an entry {bad}.'
    )


def test_zero_and_new(gradient_report: StudentFunction) -> None:
    """A gradient of zeros is "zero" with the ratio 0; a parameter of zeros is "new", and its ratio is infinite.

    A bias begins at 0, so its first step is infinitely many times as long as the bias itself. That is not an alarm.
    A gradient of zeros is one, also for a parameter of zeros, and so is a NaN.
    """
    params = {"w": row(3.0, 4.0), "b": row(0.0, 0.0)}
    grads = {"w": row(0.0, 0.0), "b": row(0.5, 0.0)}
    found = gradient_report(params, grads, 0.5)
    _flags(found, {"w": "zero"}, 'The gradient of "w" is all 0.')
    _flags(found, {"b": "new"}, 'The parameter "b" is all 0, and its gradient is not.')
    _compare(found, "w", "update_ratio", 0.0, 1)
    _compare(found, "w", "grad_norm", 0.0, 1)
    _compare(found, "b", "grad_norm", 0.5, 1)
    _compare(found, "b", "update_ratio", math.inf, 1)
    found = gradient_report(params, {"w": row(0.0, -0.25), "b": row(0.0, 0.0)}, 0.5)
    _flags(found, {"w": "ok", "b": "zero"}, 'The parameter "b" and its gradient are all 0.')
    _compare(found, "b", "update_ratio", 0.0, 1)
    found = gradient_report(params, {"w": row(0.0, -0.25), "b": row(0.0, math.nan)}, 0.5)
    _flags(found, {"w": "ok", "b": "nan"}, 'The parameter "b" is all 0, and its gradient has an entry nan.')


@predict(
    answer="It becomes half as large.",
    because="The step is the same, and the parameter is twice as long. The same change matters less to a large weight.",
    otherwise={
        "It stays the same.": "The step does not change, but it is compared with the length of the parameter.",
        "It doubles.": "A larger parameter makes the same step a smaller share of it.",
        "It becomes a quarter.": "Neither length is squared: it is a quotient of two lengths.",
    },
)
def twice_the_weights(gradient_report: Callable[..., Report]) -> dict[str, Tensor]:
    """All entries of a weight are doubled, and its gradient happens to stay as it was.

    What happens to the update-to-weight ratio?
    """
    sizes = torch.arange(1.0, 9.0)
    ratios = [
        gradient_report({"w": row(3.0, 4.0) * size}, {"w": row(0.5, 0.0)}, 0.1)["w"]["update_ratio"] for size in sizes
    ]
    assert math.isclose(ratios[1], ratios[0] / 2, rel_tol=1e-5)
    return {"factor of the weights": sizes, "update-to-weight ratio": torch.tensor(ratios)}


# Right answers in other styles


def _flag(bad: bool, norm: float, size: float, ratio: float) -> str:
    """Return the flag; shared by the variants."""
    if bad:
        return "nan"
    if norm == 0:
        return "zero"
    if size == 0:
        return "new"
    return "large" if ratio > 0.1 else "small" if ratio < 1e-6 else "ok"


@variant
def with_numpy(params: dict[str, Tensor], grads: dict[str, Tensor], lr: float) -> dict[str, dict[str, Any]]:
    """NumPy in double precision."""
    report = {}
    for name, param in params.items():
        w, g = param.double().numpy().ravel(), grads[name].double().numpy().ravel()
        norm, size = np.sqrt(g @ g), np.sqrt(w @ w)
        ratio = 0.0 if norm == 0 else float("inf") if size == 0 else lr * norm / size
        flag = _flag(not np.isfinite(g).all(), norm, size, ratio)
        report[name] = {"flag": flag, "update_ratio": float(ratio), "grad_norm": float(norm)}
    return report


@variant
def with_tensors(params: dict[str, Tensor], grads: dict[str, Tensor], lr: float) -> dict[str, dict[str, Any]]:
    """Tensors without dimensions, and the division of torch: 0 / 0 is NaN and becomes 0."""
    return {
        name: {
            "grad_norm": torch.linalg.vector_norm(grads[name]),
            "update_ratio": (torch.linalg.vector_norm(lr * grads[name]) / torch.linalg.vector_norm(param)).nan_to_num(
                nan=0.0, posinf=math.inf
            ),
            "flag": _flag(
                not bool(grads[name].isfinite().all()),
                bool((grads[name] != 0).any()),
                bool((param != 0).any()),
                float((lr * grads[name]).norm() / param.norm()),
            ),
        }
        for name, param in params.items()
    }


@variant
def loop(params: dict[str, Tensor], grads: dict[str, Tensor], lr: float) -> dict[str, dict[str, Any]]:
    """Plain Python over all entries."""
    report = {}
    for (name, param), grad in zip(params.items(), grads.values(), strict=True):
        entries = grad.reshape(-1).tolist()
        norm = sum(entry**2 for entry in entries) ** 0.5
        step = sum((lr * entry) ** 2 for entry in entries) ** 0.5
        size = sum(entry**2 for entry in param.reshape(-1).tolist()) ** 0.5
        try:
            ratio = step / size
        except ZeroDivisionError:
            ratio = math.inf if step else 0.0
        bad = any(entry != entry or abs(entry) == math.inf for entry in entries)  # noqa: PLR0124  how NaN is found
        report[name] = {"grad_norm": norm, "update_ratio": ratio, "flag": _flag(bad, norm, size, ratio)}
    return report
