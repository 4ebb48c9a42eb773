"""mul_add_backward must walk back from f to a, b and c, and add what comes along both paths of a."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, numbers, predict, variant

INPUT = numbers(-2, 2)
STEP = 2.0**-12
"""With this step a central difference of tanh is wrong by less than 1e-6."""


def _value(a: float, b: float, c: float) -> float:
    return math.tanh(a * b + a + c)


def _size(a: float, b: float) -> float:
    """Return the natural size of a slope: the slopes themselves may be 0."""
    return 1 + abs(a) + abs(b)


@given(a=INPUT, b=INPUT, c=INPUT)
@example(a=0.5, b=-0.25, c=0.125)
def test_value(mul_add_backward: StudentFunction, a: float, b: float, c: float) -> None:
    """The entry "f" is tanh(a * b + a + c): the forward pass comes first.

    The backward pass needs the values that the forward pass has computed.
    """
    assert_close(mul_add_backward(a, b, c)["f"], _value(a, b, c), says='The entry "f" is not tanh(a * b + a + c).')


@given(a=INPUT, b=INPUT, c=INPUT)
@example(a=0.5, b=-0.25, c=0.125)
@example(a=1.0, b=1.5, c=-1.5)
def test_slope_along_c(mul_add_backward: StudentFunction, a: float, b: float, c: float) -> None:
    """The slope along c is 1 - f**2: c reaches f by one path, through tanh alone.

    The slope of tanh can be written with the value of tanh, so the forward pass has already done the work.
    """
    result = mul_add_backward(a, b, c)
    assert_close(result["c"], 1 - _value(a, b, c) ** 2, says='The entry "c" is not 1 - f**2.')


@given(a=INPUT, b=INPUT, c=INPUT)
@example(a=0.5, b=-0.25, c=0.125)
@example(a=1.0, b=1.5, c=-1.5)
def test_measured(mul_add_backward: StudentFunction, a: float, b: float, c: float) -> None:
    """Each slope is what you measure: move this one number a little, and see how far f moves.

    The expected slopes are central differences of lesson 1.5, computed in plain Python.
    """
    slopes = {
        name: (_value(*up) - _value(*down)) / (2 * STEP)
        for name, up, down in (
            ("a", (a + STEP, b, c), (a - STEP, b, c)),
            ("b", (a, b + STEP, c), (a, b - STEP, c)),
            ("c", (a, b, c + STEP), (a, b, c - STEP)),
        )
    }
    result = mul_add_backward(a, b, c)
    returned = {name: result[name] for name in slopes}
    assert_close(returned, slopes, scale=_size(a, b), says="A slope is not the measured one.")


@given(a=INPUT, b=INPUT, c=INPUT)
@example(a=0.5, b=-0.25, c=0.125)
def test_two_paths(mul_add_backward: StudentFunction, a: float, b: float, c: float) -> None:
    """The slope along a is b + 1 times the one along c, and the slope along b is a times the one along c.

    All of them pass through tanh. Then a has two paths: one through the product, where it is multiplied by b, and one
    through the sum, where it is multiplied by 1. What comes along two paths adds up.
    """
    result = mul_add_backward(a, b, c)
    expected = ((b + 1) * result["c"], a * result["c"])
    says = "The slopes along a and b are not b + 1 and a times the slope along c."
    assert_close((result["a"], result["b"]), expected, scale=_size(a, b), says=says)


@given(a=INPUT, c=INPUT)
@example(a=1.0, c=0.5)
def test_paths_cancel(mul_add_backward: StudentFunction, a: float, c: float) -> None:
    """With b = -1 the slope along a is 0: what comes along its two paths cancels.

    Then a * b + a is 0 whatever a is, so f does not depend on a at all.
    """
    slope = mul_add_backward(a, -1.0, c)["a"]
    assert_close(slope, 0.0, scale=_size(a, 1), says="With b = -1, f does not depend on a, and its slope is not 0.")


@given(a=INPUT, b=INPUT, c=INPUT)
@example(a=0.5, b=-0.25, c=0.125)
def test_signs_turned(mul_add_backward: StudentFunction, a: float, b: float, c: float) -> None:
    """With the signs of a and c turned, f and the slope along b turn theirs, and the other two slopes stay.

    The sum inside tanh turns its sign, and tanh is odd: tanh(-z) is -tanh(z).
    """
    before, after = mul_add_backward(a, b, c), mul_add_backward(-a, b, -c)
    expected = {"f": -before["f"], "a": before["a"], "b": -before["b"], "c": before["c"]}
    says = "With the signs of a and c turned, the result does not change as it must."
    assert_close({name: after[name] for name in expected}, expected, scale=_size(a, b), says=says)


@predict(
    answer="Nothing: it stays where it is.",
    because="The slope along a is (b + 1) times something. With b = -1 that is 0 for every a: what a does through the"
    " product, it undoes through the sum.",
    otherwise={
        "It rises, and levels off at 1.": "That is what it does with b = 1. Here the product falls as fast as a rises.",
        "It falls, and levels off at -1.": "The product alone would make it fall. But a is used twice, and through the"
        " sum it rises by as much.",
    },
)
def a_grows(mul_add_backward: Callable[..., dict[str, float]]) -> dict[str, Tensor]:
    """In f = tanh(a * b + a + c), b is -1 and c is 0.5. You raise a from 0 to 3.

    What does f do?
    """
    inputs = torch.linspace(0, 3, 13)
    values = torch.tensor([mul_add_backward(a, -1.0, 0.5)["f"] for a in inputs.tolist()])
    assert float(values.max() - values.min()) < 1e-6
    return {"a": inputs, "f": values}


# Right answers in other styles


@variant
def autograd(a: float, b: float, c: float) -> dict[str, float]:
    """PyTorch walks back, in float32."""
    leaves = [torch.tensor(number, requires_grad=True) for number in (a, b, c)]
    f = torch.tanh(leaves[0] * leaves[1] + leaves[0] + leaves[2])
    f.backward()
    slopes = [leaf.grad.item() for leaf in leaves if leaf.grad is not None]
    return {"f": f.item(), "a": slopes[0], "b": slopes[1], "c": slopes[2]}


@variant
def accumulated(a: float, b: float, c: float) -> dict[str, float]:
    """A dict of gradients that begin at 0, and += at each use."""
    grads = dict.fromkeys("abc", 0.0)
    f = math.tanh(a * b + a + c)
    local = (1 + f) * (1 - f)
    grads["a"] += local
    grads["c"] += local
    grads["a"] += local * b
    grads["b"] += local * a
    return {"f": f, **grads}


@variant
def hyperbolic(a: float, b: float, c: float) -> dict[str, float]:
    """One formula for each slope, with cosh."""
    z = a * (b + 1) + c
    local = 1 / math.cosh(z) ** 2
    return {"a": (b + 1) * local, "b": a * local, "c": local, "f": math.sinh(z) / math.cosh(z)}


@variant
def float32(a: float, b: float, c: float) -> dict[str, Tensor]:
    """float32 throughout, and tensors without dimensions in the dict."""
    leaves = [torch.tensor(number) for number in (a, b, c)]
    f = torch.tanh(leaves[0] * leaves[1] + leaves[0] + leaves[2])
    local = 1 - f * f
    return {"f": f, "a": local * leaves[1] + local, "b": local * leaves[0], "c": local}


@variant
def with_numpy(a: float, b: float, c: float) -> dict[str, float]:
    """NumPy's numbers."""
    f = np.tanh(np.float64(a * b + a + c))
    grad_z = 1 - f**2
    return {"f": float(f), "a": float(grad_z * (b + 1)), "b": float(grad_z * a), "c": float(grad_z)}
