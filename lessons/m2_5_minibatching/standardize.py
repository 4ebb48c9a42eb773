"""standardize must put both data sets on the scale of the training data: mean 0 and standard deviation 1 there."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    CheckFailed,
    StudentFunction,
    assert_close,
    largest,
    matrices,
    numbers,
    predict,
    row,
    variant,
    vectors,
)

Data = tuple[Tensor, Tensor]
"""train and test."""
SMALL = 2.0**-24
"""Numbers times a power of 2 have the same digits."""
NARROWEST = 1 / 4
"""The least standard deviation of a drawn column that is not constant: float32 loses few digits in its square."""
# The columns have different means and spreads, and the last one is constant.
FULL: Data = (
    torch.tensor([[0.0, 10.0, 3.0], [6.0, -2.0, 3.0], [3.0, 4.0, 3.0], [5.0, 1.0, 3.0]]),
    torch.tensor([[8.0, -4.0, 3.5], [1.0, 2.0, 1.0]]),
)
ONE_COLUMN: Data = (torch.tensor([[0.0], [1.0], [5.0]]), torch.tensor([[4.0]]))
NARROW: Data = (torch.tensor([[0.0], [0.5], [1.0]]), torch.tensor([[2.0]]))
CONSTANT: Data = (torch.tensor([[3.0], [3.0]]), torch.tensor([[3.5]]))
SQUARE: Data = (torch.tensor([[0.0, 10.0], [6.0, -2.0]]), torch.tensor([[8.0, 1.0], [2.0, 3.0]]))


@st.composite
def tables(draw: st.DrawFn, columns: tuple[int, int] = (1, 3)) -> Data:
    """Draw two data sets with the same columns; some columns of train are constant, the others are not narrow."""
    train = draw(matrices((1, 6), columns))
    keep = [draw(st.booleans()) and _std(column) >= NARROWEST for column in train.T]
    train = torch.where(torch.tensor(keep), train, train[:1])
    return train, draw(matrices((1, 4), train.shape[1]))


def _std(column: Tensor) -> float:
    values = column.tolist()
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _expected(train: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean and the std of each column, in plain Python."""
    means = [sum(column.tolist()) / len(column) for column in train.T]
    return torch.tensor(means, dtype=torch.float64), torch.tensor([_std(c) or 1.0 for c in train.T])


def _size(train: Tensor, test: Tensor) -> Tensor:
    """Return the natural size of the numbers on the new scale, for each column."""
    std = _expected(train)[1]
    return (1 + max(largest(train), largest(test))) / std.clamp(max=1) ** 2


@given(data=tables())
@example(data=ONE_COLUMN)
@example(data=FULL)
@example(data=SQUARE)
@example(data=NARROW)
@example(data=CONSTANT)
def test_mean_and_std(standardize: StudentFunction, data: Data) -> None:
    """Each column of train has its own mean and std, with N below the fraction, and a std of 0 becomes 1.

    The expected numbers come from plain Python, one column at a time.
    """
    train, test = data
    _, _, mean, std = standardize(train, test)
    expected_mean, expected_std = _expected(train)
    scale = 1 + largest(train)
    assert_close(mean, expected_mean, scale=scale, says="`mean` is not the mean of each column of train.")
    constant = (train == train[0]).all(dim=0)
    if bool(((std > 0) & (std < 0.01))[constant].any()):
        raise CheckFailed("For a constant column `std` is tiny.", std, expected_std, mistake="tiny_for_zero")
    says = "`std` is not the standard deviation of each column of train, with 1 in place of 0."
    assert_close(std, expected_std, scale=scale / expected_std.clamp(max=1), says=says)


@given(data=tables())
@example(data=ONE_COLUMN)
@example(data=FULL)
@example(data=SQUARE)
@example(data=NARROW)
@example(data=CONSTANT)
def test_standard(standardize: StudentFunction, data: Data) -> None:
    """In train_z every column has mean 0 and standard deviation 1, and a constant column has become 0.

    That is what "standardised" means, and no column is larger than another any more. The unit of the data makes no
    difference.
    """
    train, test = data
    train_z = standardize(train, test)[0].double()
    size, spread = _size(train, test), torch.tensor([float(_std(column) > 0) for column in train.T])
    assert_close(
        train_z.mean(dim=0),
        torch.zeros(train.shape[1]),
        scale=size,
        says="A column of train_z does not have the mean 0.",
    )
    says = "A column of train_z does not have the standard deviation 1, or 0 where the column is constant."
    assert_close((train_z**2).mean(dim=0).sqrt(), spread, scale=size, says=says)
    small = standardize(train * SMALL, test * SMALL)[0].double()
    assert_close(
        small, train_z, scale=size, says=f"In a unit that makes all data {SMALL:g} times as large, train_z changes."
    )


@given(data=tables())
@example(data=ONE_COLUMN)
@example(data=FULL)
@example(data=SQUARE)
@example(data=CONSTANT)
def test_way_back(standardize: StudentFunction, data: Data) -> None:
    """Times std plus mean, both results are the data again: nothing is lost.

    The same two numbers for each column work for train and for test. A prediction about a new sample needs them, so a
    model is saved together with them.
    """
    train, test = data
    train_z, test_z, mean, std = standardize(train, test)
    size = _size(train, test)
    assert_close(train_z * std + mean, train, scale=size, says="train_z * std + mean is not train.")
    assert_close(test_z * std + mean, test, scale=size, says="test_z * std + mean is not test.")


@given(data=tables())
@example(data=ONE_COLUMN)
@example(data=FULL)
@example(data=SQUARE)
def test_same_sample_same_z(standardize: StudentFunction, data: Data) -> None:
    """A sample has the same z in test as in train, whatever stands beside it.

    Otherwise the model would meet two different inputs for one and the same sample.
    """
    train, test = data
    train_z, test_z, *_ = standardize(train, torch.cat([train[:1], test]))
    says = "The first sample of train has another z when it stands in test."
    assert_close(test_z[0], train_z[0], scale=_size(train, test), says=says)
    test_z = standardize(train, train[:1])[1]
    says = "The first sample of train has another z when it stands in test alone."
    assert_close(test_z[0], train_z[0], scale=_size(train, test), says=says)


@given(data=tables(), extra=st.integers(1, 3))
@example(data=ONE_COLUMN, extra=1)
@example(data=FULL, extra=2)
def test_test_changes_nothing(standardize: StudentFunction, data: Data, extra: int) -> None:
    """More rows in test change neither train_z, mean and std nor the other rows of test_z.

    Test data stand for samples that come later. What depends on them has looked into the future.
    """
    train, test = data
    longer = torch.cat([test, torch.full((extra, train.shape[1]), 7.5)])
    before, after = standardize(train, test), standardize(train, longer)
    for name, old, new in zip(("train_z", "mean", "std"), before[::2], (after[0], after[2]), strict=False):
        assert_close(new, old, scale=_size(train, longer), says=f"With more rows in test, `{name}` is another one.")
    assert_close(after[3], before[3], scale=_size(train, longer), says="With more rows in test, `std` is another one.")
    says = "With more rows in test, the z of the first rows are others."
    assert_close(after[1][: len(test)], before[1], scale=_size(train, longer), says=says)


@given(data=tables(), factor=st.sampled_from([0.5, 2.0, 4.0]), shift=numbers())
@example(data=ONE_COLUMN, factor=2.0, shift=-3.0)
@example(data=FULL, factor=2.0, shift=-3.0)
@example(data=FULL, factor=4.0, shift=0.0)
@example(data=FULL, factor=1.0, shift=5.0)
def test_units(standardize: StudentFunction, data: Data, factor: float, shift: float) -> None:
    """Measured in other units, with another origin, the samples have the same z.

    Degrees Celsius or Fahrenheit, metres or feet: a model that is trained on z does not see the difference.
    """
    train, test = data
    there, other = standardize(train, test), standardize(factor * train + shift, factor * test + shift)
    moving = torch.tensor([_std(column) > 0 for column in train.T])  # a constant column is divided by 1 in any unit
    size = _size(factor * train + shift, factor * test + shift) + _size(train, test)
    for part, name in enumerate(("train_z", "test_z")):
        says = f"For {factor:g} * x + {shift:g}, the columns of `{name}` that are not constant are others than for x."
        assert_close(other[part] * moving, there[part] * moving, scale=size, says=says)


@given(data=tables(columns=(1, 1)), y=vectors(6, 6), w=numbers(), b=numbers())
@example(data=ONE_COLUMN, y=row(1.0, 4.0, 2.0, 0.0, 0.0, 0.0), w=2.0, b=-1.0)
def test_one_step(standardize: StudentFunction, data: Data, y: Tensor, w: float, b: float) -> None:
    """On one standardised input, a single step with the learning rate 1/2 leads a line from anywhere to its bottom.

    The Hessian of its loss is then 2 times the identity: the landscape is round, so the slope points to the bottom, and
    at the bottom both slopes are 0.
    """
    train, test = data
    z = standardize(train, test)[0].double()[:, 0]
    y = y[: len(z)].double()

    def slopes(w: float, b: float) -> tuple[float, float]:
        errors = w * z + b - y
        return 2 * (errors * z).mean().item(), 2 * errors.mean().item()

    slope_w, slope_b = slopes(w, b)
    after = slopes(w - slope_w / 2, b - slope_b / 2)
    says = f"After one step with lr = 1/2 from w = {w:g} and b = {b:g}, the slopes along w and b are not 0."
    assert_close(list(after), [0.0, 0.0], scale=20 * _size(train, test).item(), says=says)


@predict(
    answer="One",
    because="On a standardised input the Hessian is 2 times the identity, so the landscape is round: the slope points"
    " to the bottom, and half of it leads there.",
    otherwise={
        "165, as with the inputs as they are": "That is what the best rate needs on the long valley of"
        " inputs from 0 to 6. Standardising makes the valley round.",
        "Twice as many, for the weight has to become larger": "The weight does become larger, but the landscape is"
        " round now, and the number of steps depends on its shape alone.",
        "About half as many": "The shape of the landscape decides, and it changes altogether: from a valley that is"
        " more than seven times as long as wide to a circle.",
    },
)
def steps_on_a_round_landscape(
    standardize: Callable[[Tensor, Tensor], tuple[Tensor, Tensor, Tensor, Tensor]],
) -> dict[str, list[float]]:
    """A line is trained on inputs from 0 to 6, from w = b = 0 and with the best learning rate.

    It takes 165 steps until the loss is 0.0001 above the lowest. You standardise the inputs and take the learning rate
    1/2. How many steps does it take now?
    """
    x = torch.linspace(0, 6, 100)
    y = 2 * x - 3
    z = standardize(x[:, None], x[:1, None])[0][:, 0]
    w, b, losses = torch.tensor(0.0), torch.tensor(0.0), []
    for _ in range(5):
        errors = w * z + b - y
        losses.append((errors**2).mean().item())
        w, b = w - (errors * z).mean(), b - errors.mean()
    assert max(losses[1:]) < 1e-4
    assert losses[0] > losses[1] + 1
    return {"step": [0.0, 1.0, 2.0, 3.0, 4.0], "loss": losses}


# Right answers in other styles


@variant
def loop(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One column after the other, in plain Python; lists become tensors at the end."""
    train_z, test_z = torch.zeros(train.shape), torch.zeros(test.shape)
    means, stds = [], []
    for j in range(train.shape[1]):
        column = [float(value) for value in train[:, j]]
        mean = sum(column) / len(column)
        std = (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5
        if std == 0:
            std = 1.0
        means.append(mean)
        stds.append(std)
        for i in range(len(train)):
            train_z[i, j] = (train[i, j] - mean) / std
        for i in range(len(test)):
            test_z[i, j] = (test[i, j] - mean) / std
    return train_z, test_z, torch.tensor(means), torch.tensor(stds)


@variant
def numpy(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """NumPy inside, whose std divides by N by itself, in float64."""
    a, b = train.numpy().astype(np.float64), test.numpy()
    mean, std = a.mean(axis=0), a.std(axis=0)
    std[std == 0] = 1
    parts = [(a - mean) / std, (b - mean) / std, mean, std]
    first, second, third, fourth = (torch.from_numpy(np.asarray(part)).float() for part in parts)
    return first, second, third, fourth


@variant
def mean_of_squares(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """float32 throughout: the mean of the squares minus the square of the mean, and a mask set in place."""
    mean = train.sum(0) / train.shape[0]
    std = ((train * train).sum(0) / train.shape[0] - mean * mean).clamp(min=0).sqrt()
    std[(train == train[0]).all(0)] = 1
    return train.sub(mean).div(std), test.sub(mean).div(std), mean, std


@variant
def var_mean(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """torch.var_mean with correction=0, keepdim, and the multiplication with 1 / std."""
    var, mean = torch.var_mean(train, dim=0, correction=0, keepdim=True)
    std = torch.sqrt(var).masked_fill(var == 0, 1.0)
    return (train - mean) * std.reciprocal(), (test - mean) * std.reciprocal(), mean.squeeze(0), std.squeeze(0)


@variant
def in_place(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Clones changed in place, and both data sets in one tensor."""
    both = torch.cat([train, test]).clone()
    mean = both[: len(train)].mean(0)
    both -= mean
    std = both[: len(train)].pow(2).mean(0).sqrt_()
    std[std == 0] = 1.0
    both /= std
    return both[: len(train)].clone(), both[len(train) :].clone(), mean, std
