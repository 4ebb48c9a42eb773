"""Questions of lesson 1.6, to be answered before the code is written."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.authoring import predict

TrainLine = Callable[[Tensor, Tensor, float, float, float, list[list[int]], int], dict[str, Any]]


def _points() -> tuple[Tensor, Tensor]:
    """Return 30 points around the line 2 x + 1."""
    x = torch.linspace(-3, 3, 30, dtype=torch.float64)
    noise = 0.5 * torch.randn(30, generator=torch.Generator().manual_seed(42), dtype=torch.float64)
    return x, 2 * x + 1 + noise


def _orders(seed: int, epochs: int) -> list[list[int]]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randperm(30, generator=generator).tolist() for _ in range(epochs)]


@predict(
    answer="No. From some epoch on it moves up and down above the lowest loss.",
    because=(
        "Each point pulls the line its own way, and at the bottom these pulls do not become smaller: with a fixed lr"
        " every step keeps throwing the line off."
    ),
    otherwise={
        "Yes. It falls in every epoch, as with all points at once.": (
            "The full gradient points downhill for all points together. The gradient of one point looks at that point"
            " only, and what is good for it can be bad for the others."
        ),
        "No. It grows until the training diverges.": (
            "Divergence needs steps that overshoot by more than they correct. This learning rate is below the limit of"
            " every single point, so the walk stays near the bottom; it just does not rest there."
        ),
    },
)
def train_line__one_point_at_a_time(train_line: TrainLine) -> Tensor:
    """You train a line on 30 noisy points for 40 epochs, with batches of one point and the same lr throughout.

    Does the loss settle at the lowest loss that a line can have?
    """
    x, y = _points()
    result = train_line(x, y, 0.0, 0.0, 0.05, _orders(0, 40), 1)
    history = torch.tensor(result["history"], dtype=torch.float64)
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    lowest = (inputs @ torch.linalg.lstsq(inputs, y).solution - y).square().mean()
    late = history[10:]
    assert result["status"] == "ok"
    assert bool((late > lowest).all())
    assert float(late.max()) < 4 * float(lowest)
    assert bool((late.diff() > 0).any())
    assert bool((late.diff() < 0).any())
    return history


@predict(
    answer="To exactly the same line.",
    because="There is one batch and it holds every point, and a mean does not ask in which order its numbers come.",
    otherwise={
        "To lines that differ a little, as chance will have it.": (
            "Chance decides which points share a batch. With one batch for all, there is nothing left to decide."
        ),
        "To lines that differ, because later points count more.": (
            "Later batches start from newer parameters, and that is why an order can matter. Here no batch is later"
            " than another: an epoch has only one."
        ),
    },
)
def train_line__two_orders(train_line: TrainLine) -> list[tuple[float, float]]:
    """Two trainings shuffle 30 points in different ways, and both put all 30 of them into one batch.

    To which lines do they come after 15 epochs?
    """
    x, y = _points()
    path = []
    for epochs in range(16):
        one = train_line(x, y, 3.5, 2.5, 0.1, _orders(1, epochs), 30)
        other = train_line(x, y, 3.5, 2.5, 0.1, _orders(2, epochs), 30)
        assert abs(one["w"] - other["w"]) + abs(one["b"] - other["b"]) < 1e-4
        path.append((float(one["w"]), float(one["b"])))
    return path


@predict(
    answer="It grows from epoch to epoch, and the training is stopped.",
    because=(
        "At three times the limit each step multiplies the distance from the bottom by -5 in the steepest direction,"
        " so the loss becomes 25 times as large."
    ),
    otherwise={
        "It falls, three times as fast as at the limit.": (
            "A longer step is faster only as long as it does not jump past the bottom. Above the limit it lands higher"
            " on the other side than it stood before."
        ),
        "It jumps between two values for ever.": (
            "That happens exactly at the limit, where the factor is -1. Here the factor is -5."
        ),
    },
)
def train_line__three_times_the_limit(train_line: TrainLine) -> Tensor:
    """For this bowl the largest stable learning rate is 0.312. You train with all points in one batch and lr = 0.936.

    What does the loss do?
    """
    x, y = _points()
    result = train_line(x, y, 0.0, 0.0, 0.936, _orders(3, 40), 30)
    history = torch.tensor(result["history"], dtype=torch.float64)
    assert result["status"] == "diverged"
    assert bool((history.diff() > 0).all())
    assert 20 < float(history[-1] / history[-2]) < 30
    return history
