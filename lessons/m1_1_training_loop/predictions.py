"""Questions of lesson 1.1 that a student answers before writing code."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.authoring import predict


@predict(
    answer="11, the mean of all ten.",
    because="Squared errors make the mean the best constant: moving from 1 to 11 costs 100 at each of nine targets, and"
    " saves 1900 at the tenth.",
    otherwise={
        "1, the value of nine of the ten.": "That is the median. It is best if the sizes of the errors count; a square"
        " makes the one large error count far more than its size.",
        "51, halfway between the smallest and the largest.": "That makes the largest single error small, and the nine"
        " others large. The loss is a mean, so all ten have a say.",
    },
)
def best_constant__one_far_away(best_constant: Callable[[Tensor], tuple[float, float]]) -> Tensor:
    """Nine targets are 1 and one is 101, and you must predict the same number for all of them.

    Which number has the lowest loss?
    """
    y = torch.tensor([1.0] * 9 + [101.0])
    c, loss = best_constant(y)
    curve = torch.stack([(y - other).square().mean() for other in torch.arange(0.0, 102.0)])
    assert abs(c - 11) < 1e-3
    assert int(curve.argmin()) == 11
    assert abs(loss - float(curve.min())) < 1e-2
    return curve


@predict(
    answer="They stay the same.",
    because="The loss is a mean over the points, and so are its slopes: twice as many terms, divided by twice as many.",
    otherwise={
        "They become twice as large.": "So it would be for a sum. A mean is divided by the number of points, which has"
        " doubled too.",
        "They become half as large.": "The division by twice as many points is there, and so are twice as many points"
        " to add up.",
    },
)
def training_step__every_point_twice(training_step: Callable[..., dict[str, float]]) -> Tensor:
    """You copy every data point, so that each is there twice.

    What happens to the two slopes of the loss?
    """
    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 4.5])
    slopes = []
    for copies in range(1, 6):
        step = training_step(x.repeat(copies), y.repeat(copies), 0.0, 0.0, 0.1)
        slopes.append(step["grad_w"])
    curve = torch.tensor(slopes)
    assert torch.allclose(curve, curve[0].expand(5))
    assert abs(curve[0].item()) > 1
    return curve


@predict(
    answer="The loss rises in every step, faster and faster.",
    because="Each step goes in the right direction and so far beyond the bottom that it ends higher up on the other"
    " side, where the slope is steeper and the next step longer still.",
    otherwise={
        "The loss falls ten times as fast.": "That holds for very small steps only. A slope is right at one place, and"
        " a long step goes far beyond the place where it is.",
        "The loss falls at first and then swings around its lowest value.": "To swing around it the steps would have"
        " to stay equally long. Here each ends farther away than the one before.",
    },
)
def train__ten_times_the_learning_rate(train: Callable[..., dict[str, Any]]) -> Tensor:
    """With the learning rate 0.05 the loss of the lesson's line falls in every step, from 13 to 0.25.

    What does the loss do with the learning rate 0.5?
    """
    x = torch.linspace(-1, 3, 25)
    y = 2 * x + 1 + 0.5 * torch.randn(25, generator=torch.Generator().manual_seed(42))
    slow = torch.tensor(train(x, y, 0.0, 0.0, 0.05, 50)["losses"])
    fast = torch.tensor(train(x, y, 0.0, 0.0, 0.5, 8)["losses"])
    assert bool((slow[1:] <= slow[:-1] + 1e-6).all())
    assert bool((fast[1:] > 3 * fast[:-1]).all())
    return fast
