"""quadratic_gradients returns the exact slopes of a parabola's mean squared error along w2, w1 and b."""

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    row,
    variant,
    vectors,
)

Data = tuple[Tensor, Tensor]
Parabola = tuple[float, float, float]

DATA = data_sets(max_size=8)
PARABOLAS = st.tuples(numbers(-3, 3), numbers(-3, 3), numbers(-3, 3))
POINTS, PARABOLA = (row(1.0, 2.0, -4.0, 0.5), row(3.0, -1.0, 2.5, 2.0)), (1.5, -1.0, 2.0)


def _errors(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> list[float]:
    """Return the predictions minus y in plain Python, one point after the other."""
    return [w2 * p**2 + w1 * p + b - q for p, q in zip(x.tolist(), y.tolist(), strict=True)]


def _loss(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> float:
    return sum(error * error for error in _errors(x, y, w2, w1, b)) / len(x)


def _slope_size(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Tensor:
    """Return the natural size of each slope, shape (3,): the size of an error times that of the power of x."""
    reach = largest(x)
    error = abs(w2) * reach**2 + abs(w1) * reach + abs(b) + largest(y)
    return 1 + 2 * error * row(reach**2, reach, 1.0)


@given(data=DATA, parabola=PARABOLAS)
@example(data=POINTS, parabola=PARABOLA)
def test_each_point_by_itself(quadratic_gradients: StudentFunction, data: Data, parabola: Parabola) -> None:
    """The slopes are the means of 2 * error * x**2, of 2 * error * x and of 2 * error.

    By the chain rule each squared error brings down a 2, times the derivative of the prediction
    with respect to the parameter.
    The expected numbers come from plain Python, one point after the other.
    """
    x, y = data
    pairs = list(zip(_errors(x, y, *parabola), x.tolist(), strict=True))
    expected = tuple(sum(2 * error * p**power for error, p in pairs) / len(pairs) for power in (2, 1, 0))
    assert_close(quadratic_gradients(x, y, *parabola), expected, scale=_slope_size(x, y, *parabola))


@given(data=DATA, parabola=PARABOLAS)
@example(data=POINTS, parabola=PARABOLA)
def test_differences_of_the_loss(quadratic_gradients: StudentFunction, data: Data, parabola: Parabola) -> None:
    """Each slope is the difference of two losses: one unit above and one unit below, divided by 2.

    The loss is a quadratic function of every parameter, so the central difference is exact even for h = 1.
    """
    x, y = data
    slopes, sizes = quadratic_gradients(x, y, *parabola), _slope_size(x, y, *parabola)
    for i, name in enumerate(("w2", "w1", "b")):
        above, below = ([*parabola[:i], parabola[i] + unit, *parabola[i + 1 :]] for unit in (1, -1))
        expected = (_loss(x, y, *above) - _loss(x, y, *below)) / 2
        says = f"The losses one unit above and below {name} give the slope {expected:g}, but yours is {slopes[i]:g}."
        assert_close(slopes[i], expected, scale=sizes[i], says=says)


@given(data=DATA, parabola=PARABOLAS)
@example(data=POINTS, parabola=PARABOLA)
def test_mirrored(quadratic_gradients: StudentFunction, data: Data, parabola: Parabola) -> None:
    """Mirroring the data, x to -x and w1 to -w1, flips the sign of the slope along w1 and leaves the other two.

    All predictions stay the same, and so does x**2; only x changes its sign.
    """
    (x, y), (w2, w1, b) = data, parabola
    along_w2, along_w1, along_b = quadratic_gradients(x, y, w2, w1, b)
    mirrored = quadratic_gradients(-x, y, w2, -w1, b)
    says = "With the signs of x and w1 flipped, the second slope must flip its sign and the others must stay the same."
    assert_close(mirrored, (along_w2, -along_w1, along_b), scale=_slope_size(x, y, *parabola), says=says)


@given(unit=st.sampled_from([2.0**-10, 0.125, 16.0]))
@example(unit=2.0**-10)
def test_slopes_in_another_unit(quadratic_gradients: StudentFunction, unit: float) -> None:
    """With y, w2, w1 and b in another unit, s times as large, all slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    x, y = POINTS
    expected = [unit * float(slope) for slope in quadratic_gradients(x, y, *PARABOLA)]
    converted = quadratic_gradients(x, unit * y, *(unit * value for value in PARABOLA))
    says = f"With y, w2, w1 and b multiplied by {unit:g}, the slopes are not {unit:g} times as large."
    assert_close(converted, expected, scale=unit * _slope_size(x, y, *PARABOLA), says=says)


@given(x=vectors(max_size=8), parabola=PARABOLAS)
@example(x=POINTS[0], parabola=PARABOLA)
def test_flat_at_the_bottom(quadratic_gradients: StudentFunction, x: Tensor, parabola: Parabola) -> None:
    """Where the parabola runs through all points, all three slopes are 0.

    Every error is 0, so every product with an error is 0, and the loss cannot become smaller.
    """
    w2, w1, b = parabola
    y = w2 * x**2 + w1 * x + b
    says = "The parabola fits without an error, but the slopes are not 0."
    assert_close(quadratic_gradients(x, y, w2, w1, b), (0.0, 0.0, 0.0), scale=_slope_size(x, y, w2, w1, b), says=says)


@given(data=DATA, parabola=PARABOLAS)
@example(data=POINTS, parabola=PARABOLA)
def test_a_step_goes_down(quadratic_gradients: StudentFunction, data: Data, parabola: Parabola) -> None:
    """A small step against the slopes never makes the loss larger.

    Small means: lr at most 1 divided by the sum of the curvatures along the three parameters, which are twice the
    means of x**4, of x**2 and of 1.
    """
    x, y = data
    lr = 1 / (2 * float((x**4).mean() + (x**2).mean() + 1))
    there = [value - lr * slope for value, slope in zip(parabola, quadratic_gradients(x, y, *parabola), strict=True)]
    before, after = _loss(x, y, *parabola), _loss(x, y, *there)
    says = f"A step with lr = {lr:.3g} against your slopes takes the loss from {before:.4g} to {after:.4g}."
    assert_at_most(after, before, slack=LOSS32 * (1 + before), says=says)


# Right answers in other styles


@variant
def autograd(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Parabola:
    """PyTorch differentiates, with parameters in float32."""
    p2, p1, p0 = (torch.tensor(value, requires_grad=True) for value in (w2, w1, b))
    loss = ((p2 * x**2 + p1 * x + p0 - y) ** 2).mean()
    loss.backward()
    assert p2.grad is not None
    assert p1.grad is not None
    assert p0.grad is not None
    return p2.grad.item(), p1.grad.item(), p0.grad.item()


@variant
def matrix(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Tensor:
    """A matrix with the columns x**2, x and 1, and one product; the slopes as one tensor."""
    X = torch.stack([x**2, x, torch.ones_like(x)], dim=1)
    errors = X @ torch.tensor([w2, w1, b], dtype=x.dtype) - y
    return 2 / len(x) * X.T @ errors


@variant
def loop(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Parabola:
    """Plain Python, one point after the other."""
    along_w2 = along_w1 = along_b = 0.0
    for p, q in zip(x.tolist(), y.tolist(), strict=True):
        error = w2 * p * p + w1 * p + b - q
        along_w2 += 2 * error * p * p / len(x)
        along_w1 += 2 * error * p / len(x)
        along_b += 2 * error / len(x)
    return along_w2, along_w1, along_b


@variant
def y_minus_prediction(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[Tensor, Tensor, Tensor]:
    """The error the other way round, with its minus sign; tensors without dimensions instead of floats."""
    error = y - (w2 * x**2 + w1 * x + b)
    return (-2 * error * x**2).mean(), (-2 * error * x).mean(), (-2 * error).mean()


@variant
def central_differences(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Parabola:
    """Numerical after all: the loss is quadratic, so a central difference with h = 1 is exact."""

    def loss(w2: float, w1: float, b: float) -> float:
        return ((w2 * x**2 + w1 * x + b - y) ** 2).mean().item()

    return (
        (loss(w2 + 1, w1, b) - loss(w2 - 1, w1, b)) / 2,
        (loss(w2, w1 + 1, b) - loss(w2, w1 - 1, b)) / 2,
        (loss(w2, w1, b + 1) - loss(w2, w1, b - 1)) / 2,
    )
