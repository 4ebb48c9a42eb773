"""What must hold of quadratic_gradients in lesson 1.5."""

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

POINTS = (row(1.0, 2.0, -4.0, 0.5), row(3.0, -1.0, 2.5, 2.0))


PARABOLAS = st.tuples(numbers(-3, 3), numbers(-3, 3), numbers(-3, 3))


def _loss(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    errors: list[float] = [w2 * p**2 + w1 * p + b - q for p, q in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def _slope_size(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Tensor:
    """Return the natural size of each slope, shape (3,): that of an error times that of the input's power."""
    reach = largest(x)
    error = abs(w2) * reach**2 + abs(w1) * reach + abs(b) + largest(y)
    return 1 + 2 * error * row(reach**2, reach, 1.0)


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_each_point_by_itself(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """The slopes are the means of 2 * error * x**2, of 2 * error * x and of 2 * error.

    By the chain rule each squared error brings down a 2, and then the derivative of the prediction by the parameter.
    The wanted numbers come from plain Python, one point after the other.
    """
    x, y = data
    w2, w1, b = parabola
    errors = [w2 * p**2 + w1 * p + b - q for p, q in zip(x.tolist(), y.tolist(), strict=True)]
    wanted = tuple(
        sum(2 * e * p**power for e, p in zip(errors, x.tolist(), strict=True)) / len(errors) for power in (2, 1, 0)
    )
    slopes = quadratic_gradients(x, y, *parabola)
    assert_close(slopes, wanted, scale=_slope_size(x, y, *parabola))


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_differences_of_the_loss(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """Each slope is the difference of two losses: one unit above and one unit below, divided by 2.

    The loss is a quadratic function of every parameter, so the central difference is exact even for h = 1.
    """
    x, y = data
    w2, w1, b = parabola
    wanted = (
        (_loss(x, y, w2 + 1, w1, b) - _loss(x, y, w2 - 1, w1, b)) / 2,
        (_loss(x, y, w2, w1 + 1, b) - _loss(x, y, w2, w1 - 1, b)) / 2,
        (_loss(x, y, w2, w1, b + 1) - _loss(x, y, w2, w1, b - 1)) / 2,
    )
    slopes = quadratic_gradients(x, y, *parabola)
    for slope, difference, size, name in zip(
        slopes, wanted, _slope_size(x, y, *parabola), ("w2", "w1", "b"), strict=True
    ):
        says = f"The losses one unit above and below {name} ask for the slope {difference:g}, and yours is {slope:g}."
        assert_close(slope, difference, scale=size, says=says)


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_mirrored(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """Mirroring the data, x to -x and w1 to -w1, mirrors the slope along w1 and leaves the other two.

    All predictions stay what they are, x**2 does too, and only x changes its sign.
    """
    x, y = data
    w2, w1, b = parabola
    slopes = quadratic_gradients(x, y, w2, w1, b)
    mirrored = quadratic_gradients(-x, y, w2, -w1, b)
    says = "With the signs of x and w1 changed, the slopes are not the old ones with the sign of the second changed."
    wanted = (slopes[0], -slopes[1], slopes[2])
    assert_close(mirrored, wanted, scale=_slope_size(x, y, *parabola), says=says)


@given(unit=st.sampled_from([2.0**-10, 0.125, 16.0]))
@example(unit=2.0**-10)
def test_slopes_in_another_unit(quadratic_gradients: StudentFunction, unit: float) -> None:
    """With y, w2, w1 and b in another unit, s times as large, all slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    (x, y), parabola = POINTS, (1.5, -1.0, 2.0)
    wanted = [unit * float(slope) for slope in quadratic_gradients(x, y, *parabola)]
    converted = quadratic_gradients(x, unit * y, *(unit * value for value in parabola))
    says = f"With y, w2, w1 and b multiplied by {unit:g}, the slopes are not {unit:g} times as large."
    assert_close(converted, wanted, scale=unit * _slope_size(x, y, *parabola), says=says)


@given(x=vectors(max_size=8), parabola=PARABOLAS)
@example(x=POINTS[0], parabola=(1.5, -1.0, 2.0))
def test_flat_at_the_bottom(
    quadratic_gradients: StudentFunction, x: Tensor, parabola: tuple[float, float, float]
) -> None:
    """Where the parabola runs through all points, all three slopes are 0.

    Every error is 0, so every product with an error is 0, and the loss cannot become smaller.
    """
    w2, w1, b = parabola
    y = w2 * x**2 + w1 * x + b
    slopes = quadratic_gradients(x, y, w2, w1, b)
    says = "The parabola fits without an error, and the slopes are not 0."
    assert_close(slopes, (0.0, 0.0, 0.0), scale=_slope_size(x, y, w2, w1, b), says=says)


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_a_step_goes_down(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """A small step against the slopes never makes the loss larger.

    Small means: lr at most 1 divided by the sum of the curvatures along the three parameters, which are twice the
    means of x**4, of x**2 and of 1.
    """
    x, y = data
    lr = 1 / (2 * float((x**4).mean() + (x**2).mean() + 1))
    slopes = quadratic_gradients(x, y, *parabola)
    there = [value - lr * slope for value, slope in zip(parabola, slopes, strict=True)]
    before, after = _loss(x, y, *parabola), _loss(x, y, *there)
    slack = LOSS32 * (1 + before)
    says = f"A step with lr = {lr:.3g} against your slopes takes the loss from {before:.4g} to {after:.4g}."
    assert_at_most(after, before, slack=slack, says=says)


@variant
def autograd(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
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
def loop(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
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
    """The error the other way round with its minus sign; tensors without dimensions where floats are asked."""
    error = y - (w2 * x**2 + w1 * x + b)
    return (-2 * error * x**2).mean(), (-2 * error * x).mean(), (-2 * error).mean()


@variant
def central_differences(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Numerical after all: the loss is quadratic, so a central difference with h = 1 is exact."""

    def loss(w2: float, w1: float, b: float) -> float:
        return ((w2 * x**2 + w1 * x + b - y) ** 2).mean().item()

    return (
        (loss(w2 + 1, w1, b) - loss(w2 - 1, w1, b)) / 2,
        (loss(w2, w1 + 1, b) - loss(w2, w1 - 1, b)) / 2,
        (loss(w2, w1, b + 1) - loss(w2, w1, b - 1)) / 2,
    )
