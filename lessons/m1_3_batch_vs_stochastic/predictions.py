"""Questions of lesson 1.3 that are asked before the code is written, each with the run that answers it."""

from collections.abc import Callable

import torch
from torch import Tensor

from grader.authoring import predict


def _data(points: int) -> tuple[Tensor, Tensor]:
    """Return points around the line y = 2 x + 1, with noise, both of shape (points,)."""
    generator = torch.Generator().manual_seed(42)
    x = torch.linspace(-3, 3, points, dtype=torch.float64)
    return x, 2 * x + 1 + torch.randn(points, generator=generator, dtype=torch.float64)


def _best_line(x: Tensor, y: Tensor) -> tuple[float, float]:
    w = (((x - x.mean()) * (y - y.mean())).mean() / ((x - x.mean()) ** 2).mean()).item()
    return w, (y.mean() - w * x.mean()).item()


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    return ((w * x + b - y) ** 2).mean().item()


Epoch = Callable[..., tuple[float, float, float]]


@predict(
    answer="It leaves the bottom, and stays in its neighbourhood.",
    because="At the bottom the mean of all gradients is 0, and the gradient of a single point is not: each point pulls "
    "the line towards itself, until the next one pulls it elsewhere.",
    otherwise={
        "It stays there, because the gradient is 0.": "The full gradient is 0 there, as a mean in which the points "
        "cancel. An update asks one point only, and nothing cancels.",
        "It runs further and further away.": "The further away the line is, the more the points agree where to go. "
        "So it is called back, and the noise and this pull balance.",
    },
)
def sgd_epoch__started_at_the_bottom(sgd_epoch: Epoch) -> list[tuple[float, float]]:
    """Training starts with the best line of all, in batches of one point.

    The points lie around a line, with noise, and the learning rate is 0.02. What does training do to the best line?
    """
    x, y = _data(64)
    w, b = _best_line(x, y)
    lowest = _loss(x, y, w, b)
    generator = torch.Generator().manual_seed(1)
    path, heights = [(w, b)], []
    # An epoch of one point is one update, so that every point of the walk can be drawn.
    for _ in range(4):
        for i in torch.randperm(64, generator=generator).tolist():
            w, b, _ = sgd_epoch(x[i : i + 1], y[i : i + 1], w, b, 0.02, [0], 1)
            path.append((w, b))
            heights.append(_loss(x, y, w, b) - lowest)
    assert max(heights[:64]) > 0.05, "the walk leaves the bottom within an epoch"
    assert max(heights[64:]) > 0.05, "and it does not settle there later"
    assert max(heights) < 1.5, "the walk stays in the neighbourhood"
    return path


@predict(
    answer="The one with 64 batches of one point.",
    because="It has made 64 updates where the other has made one, and far from the bottom even a single point knows "
    "roughly where to go.",
    otherwise={
        "The one with a single batch of all points.": "Its direction is the best, and it moves only once. One good "
        "step is shorter than 64 rough ones that mostly agree.",
        "Both have the same loss, for both have used every point once.": "They have done the same arithmetic. But a "
        "later update starts where an earlier one has led, so 64 updates add up.",
    },
)
def sgd_epoch__one_epoch_each(sgd_epoch: Epoch) -> Tensor:
    """Two lines start alike, far from the 64 points, and train for one epoch with the learning rate 0.02.

    One of them uses a single batch of all points, the other 64 batches of one point. Which has the smaller loss at the
    end of the epoch?
    """
    x, y = _data(64)
    order = torch.randperm(64, generator=torch.Generator().manual_seed(1)).tolist()
    losses = []
    for batch_size in (64, 32, 16, 8, 4, 2, 1):
        w, b, _ = sgd_epoch(x, y, 3.5, 3.0, 0.02, order, batch_size)
        losses.append(_loss(x, y, w, b))
    assert losses[-1] < losses[0] / 4, "one epoch of 64 updates gets much further"
    return torch.tensor(losses)


@predict(
    answer="By 6.",
    because="The variance is sigma^2 / B times (N - B) / (N - 1): the mean gives the factor 4, and since no point is "
    "drawn twice, (100 - 10) / (100 - 40) = 1.5 comes on top.",
    otherwise={
        "By 2.": "That is the root: the typical distance falls by 2 if the points of a batch are independent, and its "
        "square by 4.",
        "By 4.": "That is right for batches that may hold a point several times. Without repetition a large batch "
        "leaves fewer points to chance.",
        "By 16.": "A sum of independent values has a variance that grows with their number, so dividing by B, squared, "
        "leaves 1 / B.",
    },
)
def minibatch_gradient_variance__four_times_the_batch(
    minibatch_gradient_variance: Callable[[Tensor, int], float],
) -> Tensor:
    """Of 100 points a batch takes 40 different ones instead of 10.

    By which factor does the mean squared distance between the gradient of a batch and the full gradient fall?
    """
    grads = torch.randn(100, 2, generator=torch.Generator().manual_seed(42), dtype=torch.float64)
    ratio = minibatch_gradient_variance(grads, 10) / minibatch_gradient_variance(grads, 40)
    assert abs(ratio - 6) < 1e-6, "the factor is 6"
    return torch.tensor([minibatch_gradient_variance(grads, batch_size) for batch_size in range(1, 101)])
