"""best_constant must return the mean of y, and the mean squared error of predicting it every time."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    largest,
    numbers,
    predict,
    row,
    variant,
    vectors,
)

from .shared import SMALL, mean

# The mean, both medians and the middle of the range are four different numbers.
TARGETS = row(0.5, 1.0, 4.5, -2.0)


def _loss_of_constant(y: Tensor, c: float) -> float:
    return mean([(c - target) ** 2 for target in y.tolist()])


def _sizes_of(y: Tensor) -> Tensor:
    """Return the natural sizes of the constant and of its loss."""
    return row(largest(y), largest(y) ** 2)


@given(y=vectors())
@example(y=TARGETS)
def test_mean_and_its_loss(best_constant: StudentFunction, y: Tensor) -> None:
    """The best constant is the mean of y, and the loss is the mean squared error of predicting it every time.

    The expected numbers come from plain Python, one target after the other.
    """
    c, loss = best_constant(y)
    expected = mean(y.tolist())
    assert_close(c, expected, scale=largest(y), says="The constant is not the mean of y.")
    says = "The loss is not the mean of the squared errors that the mean of y makes."
    assert_close(loss, _loss_of_constant(y, expected), scale=largest(y) ** 2, says=says)


@given(y=vectors(), other=numbers())
@example(y=TARGETS, other=1.0)
@example(y=TARGETS, other=2.0)
def test_no_constant_is_better(best_constant: StudentFunction, y: Tensor, other: float) -> None:
    """No constant does better: whichever one you try, its mean squared error is at least the loss returned.

    That makes it the loss to beat: a model that looks at x may do better, and one that ignores x cannot.
    """
    _, loss = best_constant(y)
    says = f"Predicting {other} every time has a lower mean squared error than the loss returned."
    assert_at_most(loss, _loss_of_constant(y, other), slack=LOSS32 * (largest(y) ** 2 + other**2), says=says)


@given(y=vectors(), other=numbers())
@example(y=TARGETS, other=2.0)
def test_any_other_constant(best_constant: StudentFunction, y: Tensor, other: float) -> None:
    """Any other constant k has the loss of the best one plus (k - c)**2, exactly.

    The loss is a parabola in the constant: its lowest point is at c, and the loss returned is its height there.
    """
    c, loss = best_constant(y)
    cost, scale = _loss_of_constant(y, other), largest(y) ** 2 + other**2
    says = f"Predicting {other} every time costs {cost:.6g}, and loss + ({other} - c)**2 is something else."
    assert_close(loss + (other - c) ** 2, cost, scale=scale, says=says)


@given(y=vectors(), shift=numbers(), factor=st.one_of(numbers(), st.just(SMALL)))
@example(y=TARGETS, shift=1.5, factor=-2.0)
@example(y=TARGETS, shift=1.5, factor=SMALL)
def test_shifted_and_scaled(best_constant: StudentFunction, y: Tensor, shift: float, factor: float) -> None:
    """Adding k to all of y adds k to c and leaves the loss; multiplying y by s multiplies c by s and the loss by s**2.

    The loss is made of squared differences: a shift leaves them unchanged, and a factor enters them twice. So small
    numbers must come out as exact as large ones.
    """
    c, loss = best_constant(y)
    size = largest(y) + abs(shift)
    says = f"With {shift} added to all of y, the result is not (c + {shift}, the same loss)."
    assert_close(best_constant(y + shift), (c + shift, loss), scale=row(size, size**2), says=says)
    says = f"With y multiplied by {factor}, the result is not ({factor} * c, {factor}**2 * loss)."
    expected = (factor * c, factor**2 * loss)
    assert_close(best_constant(factor * y), expected, scale=_sizes_of(factor * y), says=says)


@given(y=vectors())
@example(y=TARGETS)
def test_targets_repeated(best_constant: StudentFunction, y: Tensor) -> None:
    """With every target taken twice, in another order, c and the loss stay the same: both are means.

    Twice as many squared errors are added up, and their sum is divided by twice as many targets.
    """
    once, twice = best_constant(y), best_constant(torch.cat([y, y.flip(0)]))
    assert_close(twice, once, scale=_sizes_of(y), says="With every target taken twice, the result changes.")


@given(target=numbers(), size=st.integers(1, 5))
@example(target=3.0, size=3)
@example(target=2.0, size=1)
def test_all_targets_alike(best_constant: StudentFunction, target: float, size: int) -> None:
    """If all targets are equal, the constant is that target and the loss is 0, even with a single target.

    Then the constant makes no error at all.
    """
    y = row(*[target] * size)
    assert_close(best_constant(y), (target, 0.0), scale=_sizes_of(y))


@predict(
    answer="11, the mean of all ten.",
    because="Squared errors make the mean the best constant: moving from 1 to 11 costs 100 at each of nine targets, and"
    " saves 1900 at the tenth.",
    otherwise={
        "1, the value of nine of the ten.": "That is the median. It is best for the mean of the absolute errors; a"
        " square makes the one large error count far more than its size.",
        "51, halfway between the smallest and the largest.": "That makes the largest single error small, and the nine"
        " others large. The loss is a mean, so all ten have a say.",
    },
)
def one_far_away(best_constant: Callable[[Tensor], tuple[float, float]]) -> dict[str, Tensor]:
    """Nine targets are 1 and one is 101, and you must predict the same number for all of them.

    Which number has the lowest loss?
    """
    y = torch.tensor([1.0] * 9 + [101.0])
    c, loss = best_constant(y)
    curve = torch.stack([(y - other).square().mean() for other in torch.arange(0.0, 102.0)])
    assert abs(c - 11) < 1e-3
    assert int(curve.argmin()) == 11
    assert abs(loss - float(curve.min())) < 1e-2
    return {"constant": torch.arange(0.0, 102.0), "loss": curve}


# Right answers in other styles


@variant
def loop(y: Tensor) -> tuple[float, float]:
    """Plain Python, one target after the other."""
    total = 0.0
    for target in y.tolist():
        total += target
    c = total / len(y)
    loss = 0.0
    for target in y.tolist():
        loss += (target - c) ** 2
    return c, loss / len(y)


@variant
def moments(y: Tensor) -> tuple[float, float]:
    """The mean of the squares minus the square of the mean."""
    return y.mean().item(), (y.square().mean() - y.mean() ** 2).item()


@variant
def var(y: Tensor) -> tuple[float, float]:
    """torch.var_mean, told to divide by N, and its two tensors returned as they are."""
    variance, c = torch.var_mean(y, correction=0)
    return c, variance  # type: ignore[return-value]  # tensors without dimensions are as good


@variant
def autograd(y: Tensor) -> tuple[float, float]:
    """One step of the training loop, which is enough with the learning rate 1/2."""
    c = torch.zeros((), dtype=y.dtype, requires_grad=True)
    ((c - y) ** 2).mean().backward()
    assert c.grad is not None
    with torch.no_grad():
        c -= 0.5 * c.grad
    return c.item(), ((c - y) ** 2).mean().item()


@variant
def training(y: Tensor) -> tuple[float, float]:
    """A training loop with the slope by hand, until nothing moves any more."""
    c = 0.0
    for _ in range(15):
        c -= 0.4 * 2 * (c - y).mean().item()
    return c, torch.nn.functional.mse_loss(torch.full_like(y, c), y).item()


@variant
def least_squares(y: Tensor) -> tuple[float, float]:
    """torch.linalg.lstsq with a column of ones."""
    c = torch.linalg.lstsq(torch.ones(len(y), 1, dtype=y.dtype), y[:, None]).solution.squeeze()
    return c.item(), (y - c).square().mean().item()


@variant
def float32(y: Tensor) -> tuple[float, float]:
    """float32 inside."""
    short = y.float()
    return short.mean().item(), (short - short.mean()).pow(2).mean().item()


@variant
def numpy(y: Tensor) -> tuple[float, float]:
    """NumPy inside, whose var divides by N."""
    return float(np.mean(y.numpy())), float(np.var(y.numpy()))


@variant
def tensor(y: Tensor) -> tuple[float, float]:
    """A tensor of two numbers in place of the pair."""
    return torch.stack([y.mean(), y.var(unbiased=False)])  # type: ignore[return-value]  # as good as a pair
