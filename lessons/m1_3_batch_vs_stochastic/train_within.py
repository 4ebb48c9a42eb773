"""`train_within` must reach the required loss with at most `budget` gradients of single points."""

import contextlib
import math
import random
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, driver, predict, variant

from .shared import Pair, loss_of, pairs

Gradient = Callable[[list[int], float, float], Pair]

ABOVE = 1.25
"""The loss to reach, as a multiple of the loss of the best line."""


def points_of(gradient: str, n: int) -> tuple[Tensor, Tensor]:
    """Return x and y of n points, described as ``"of 2.0 x + 1.0, sorted, seed 1"``."""
    slope, height, layout, seed = re.findall(r"of (\S+) x \+ (\S+), (\w+), seed (\d+)", gradient)[0]
    generator = torch.Generator().manual_seed(int(seed))
    x = torch.linspace(-2, 3, n)
    if layout == "shuffled":
        x = x[torch.randperm(n, generator=generator)]
    return x, float(slope) * x + float(height) + torch.randn(n, generator=generator)


class Task(NamedTuple):
    """The arguments of `train_within`; what ``gradient`` computes is described in words, for drivers and reports."""

    gradient: str
    n: int
    w: float
    b: float
    budget: int

    def points(self) -> list[Pair]:
        """Return the points (x, y)."""
        return pairs(*points_of(self.gradient, self.n))

    def best(self) -> Pair:
        """Return the best line, by the formula of least squares."""
        line = statistics.linear_regression(*zip(*self.points(), strict=True))
        return line.slope, line.intercept

    def loss(self, w: float, b: float) -> float:
        """Return the loss of a line over all points, in plain Python."""
        return loss_of(self.points(), w, b)

    def from_the_bottom(self) -> "Task":
        """Return the same training, started at the best line."""
        w, b = self.best()
        return self._replace(w=w, b=b)


FAR = (
    Task("of 2.0 x + 1.0, shuffled, seed 1", 1000, w=-3.0, b=4.0, budget=400),
    Task("of -1.5 x + 3.0, shuffled, seed 2", 640, w=4.0, b=0.0, budget=400),
    Task("of 0.5 x + -2.0, shuffled, seed 3", 800, w=0.0, b=5.0, budget=500),
)
SORTED = (
    Task("of 2.0 x + 1.0, sorted, seed 4", 1000, w=-3.0, b=4.0, budget=400),
    Task("of -2.0 x + 0.5, sorted, seed 5", 600, w=3.0, b=-3.0, budget=500),
)
LARGE = (
    Task("of -1.0 x + 2.5, shuffled, seed 6", 4000, w=3.5, b=-2.0, budget=400),
    Task("of 1.5 x + -1.0, shuffled, seed 7", 3000, w=-4.0, b=-4.0, budget=1200),
)
BOTTOM = tuple(task.from_the_bottom() for task in (*FAR, *SORTED))


@given(task=st.sampled_from((*FAR, *SORTED, *LARGE)))
def test_within_the_budget(train_within: StudentFunction, task: Task) -> None:
    """A training uses at most `budget` gradients of single points, and a batch of B points costs B of them.

    The budget is smaller than the number of points, so it does not pay for a single gradient of all points.
    """
    _trained(train_within, task)


@given(task=st.sampled_from(FAR))
def test_reaches_the_loss(train_within: StudentFunction, task: Task) -> None:
    """Within the budget, the loss over all points gets down to 1.25 times the loss of the best line, or lower.

    The loss of the best line is known from the formula of least squares, and no line has a lower one.
    """
    _reaches(train_within, task)


@given(task=st.sampled_from(SORTED))
def test_sorted_points(train_within: StudentFunction, task: Task) -> None:
    """It reaches the loss on points that are sorted by x as well: a batch must not depend on where its points lie.

    Neighbours in sorted data are alike, so the first points know one end of the line only.
    """
    _reaches(train_within, task)


@given(task=st.sampled_from(LARGE))
def test_more_points(train_within: StudentFunction, task: Task) -> None:
    """It reaches the loss on thousands of points too, of which the budget pays for a part only.

    How noisy a batch is depends on its size. How many points it was drawn from hardly matters.
    """
    _reaches(train_within, task)


@given(task=st.sampled_from(BOTTOM))
def test_from_the_bottom(train_within: StudentFunction, task: Task) -> None:
    """Started at the best line of all, it stays near enough: the loss is at most 1.25 times the lowest at the end.

    At the bottom there is nothing to gain, and every noisy update moves away from it, as far as lr allows.
    """
    _reaches(train_within, task)


def _trained(train_within: StudentFunction, task: Task) -> Pair:
    """Return the trained line; raises CheckFailed if it costs too much."""
    outcome = train_within.drive("outcome", *task)
    line: Pair = train_within.drive("line", *task)
    if not outcome["within the budget"]:
        notes = train_within.drive("notes", *task)
        mistake = "whole_data" if notes["smallest"] >= task.n else "over_budget"
        raise CheckFailed(f"The budget is {task.budget}. {_spent(notes)}", mistake=mistake)
    return line


def _reaches(train_within: StudentFunction, task: Task) -> None:
    """Fail unless the training reaches the required loss within the budget."""
    line = _trained(train_within, task)
    loss, required = task.loss(*line), ABOVE * task.loss(*task.best())
    if not loss <= required:
        notes = train_within.drive("notes", *task)
        says = f"The loss of your line is {loss:.4g}, and it must be at most {required:.4g}. {_spent(notes)}"
        raise CheckFailed(says, mistake=_mistake(task, line, notes, required))


def _spent(notes: dict[str, Any]) -> str:
    if not notes["calls"]:
        return "You never call `gradient`."
    return f"You use {notes['used']} gradients, in {notes['calls']} call{'s' * (notes['calls'] > 1)}."


def _mistake(task: Task, line: Pair, notes: dict[str, Any], required: float) -> str:
    """Return the known mistake whose text is true of this training, by what was noted; "" if none is."""
    w, b = line
    loss, start = task.loss(w, b), task.loss(task.w, task.b)
    truths = {
        "": notes["calls"] == 0,
        "swapped": task.loss(b, w) <= required,
        "start_returned": (w, b) == (task.w, task.b),
        "uphill": notes["always_uphill"],
        "gradients_at_the_start": notes["calls"] > 1 and notes["places"] == 1,
        "same_points": notes["used"] >= 4 * notes["points"],
        "as_they_lie": notes["in_order"] and ", sorted," in task.gradient,
        "ran_away": not loss <= start and start > required,
        "not_there_yet": required < notes["lowest"] and loss <= ABOVE * notes["lowest"],
        "restless": notes["lowest"] < loss,
    }
    return next((name for name, is_true in truths.items() if is_true), "")


class Log:
    """Every call of `gradient`: the numbers of the points, the place, and the two slopes."""

    def __init__(self, points: Sequence[Pair]) -> None:
        self.points = points
        self.batches: list[list[int]] = []
        self.places: list[Pair] = []
        self.slopes: list[Pair] = []

    def gradient(self, batch: Iterable[int], w: float, b: float) -> Pair:
        """Return the slopes of the mean squared error of some points, and note the call."""
        numbers = [int(i) for i in batch]
        if not numbers:
            raise ValueError("gradient was called with an empty batch, which has no mean error")
        w, b = (float(value.detach()) if isinstance(value, Tensor) else float(value) for value in (w, b))
        grad_w = grad_b = 0.0
        for i in numbers:
            x, y = self.points[i]
            error = w * x + b - y
            grad_w += 2 * error * x
            grad_b += 2 * error
        self.batches.append(numbers)
        self.places.append((w, b))
        self.slopes.append((grad_w / len(numbers), grad_b / len(numbers)))
        return self.slopes[-1]

    def used(self) -> list[int]:
        """Return the numbers of the points whose gradients were used, once for each time."""
        return [i for batch in self.batches for i in batch]

    def losses(self, lines: Sequence[Pair]) -> list[float]:
        """Return the loss over all points of each line, from means of products."""
        products = zip(*((x * x, x, x * y, y, y * y) for x, y in self.points), strict=True)
        xx, mean_x, xy, mean_y, yy = (sum(terms) / len(self.points) for terms in products)
        return [w * w * xx + 2 * w * (b * mean_x - xy) + b * b - 2 * b * mean_y + yy for w, b in lines]


@driver
def outcome(
    train_within: Callable[..., Any], gradient: str, n: int, w: float, b: float, budget: int
) -> dict[str, bool]:
    """Return what must be true of every right answer; an answer that is not a pair of numbers is judged elsewhere."""
    log = Log(pairs(*points_of(gradient, n)))
    returned = train_within(log.gradient, n, w, b, budget)
    reached = True
    with contextlib.suppress(TypeError, ValueError):
        found_w, found_b = map(float, returned)
        best = statistics.linear_regression(*zip(*log.points, strict=True))
        loss, lowest = log.losses([(found_w, found_b), (best.slope, best.intercept)])
        reached = loss <= ABOVE * lowest
    return {"within the budget": len(log.used()) <= budget, "loss reached": reached}


@driver
def line(train_within: Callable[..., Any], gradient: str, n: int, w: float, b: float, budget: int) -> Any:
    """Return what the student's function returns for these points."""
    return train_within(Log(pairs(*points_of(gradient, n))).gradient, n, w, b, budget)


@driver
def notes(train_within: Callable[..., Any], gradient: str, n: int, w: float, b: float, budget: int) -> dict[str, Any]:
    """Return what can be said about the calls of `gradient`."""
    log = Log(pairs(*points_of(gradient, n)))
    train_within(log.gradient, n, w, b, budget)
    used = log.used()
    moves = [
        (after[0] - before[0]) * slope[0] + (after[1] - before[1]) * slope[1]
        for before, after, slope in zip(log.places, log.places[1:], log.slopes, strict=False)
    ]
    return {
        "calls": len(log.batches),
        "used": len(used),
        "smallest": min(map(len, log.batches), default=0),
        "points": len(set(used)),
        "in_order": used == sorted(used),
        "places": len(set(log.places)),
        "always_uphill": bool(moves) and all(move > 0 for move in moves),
        "lowest": min(filter(math.isfinite, log.losses(log.places)), default=math.inf),
    }


@predict(
    answer="It is about as good.",
    because="The noise of a batch is about sigma^2 / B, and the factor (N - B) / (N - 1) is close to 1 for both. So "
    "400 random points say as much about a hundred thousand as about a thousand.",
    otherwise={
        "It is a hundred times as far above the lowest loss.": "It would be if all points had to be seen. But the "
        "points that are left out look like those that are used, as long as these are drawn at random.",
        "It is about ten times as far above the lowest loss.": "Roots of numbers of points do occur in this lesson, "
        "but here the number is the size of a batch, and that has not changed.",
    },
)
def hundred_times_the_points(train_within: Callable[..., Pair]) -> dict[str, Tensor]:
    """A training may use 400 gradients of single points. Once there are 1000 points, and once 100 000.

    Both lie around the same line, with the same noise. How good is the line that is found among 100 000 points?
    """
    sizes, above = (1000, 3000, 10_000, 30_000, 100_000), []
    for n in sizes:
        log = Log(pairs(*points_of("of 2.0 x + 1.0, shuffled, seed 8", n)))
        found = train_within(log.gradient, n, -3.0, 4.0, 400)
        best = statistics.linear_regression(*zip(*log.points, strict=True))
        loss, lowest = log.losses([found, (best.slope, best.intercept)])
        above.append(loss / lowest - 1)
    assert max(above) < 0.1, "with every number of points the loss is close to the lowest"
    return {"points": torch.tensor(sizes), "loss above the lowest, as a part of it": torch.tensor(above)}


# Right answers in other styles


@variant
def single_points(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """One point at a time, drawn with repetition, in plain Python; the learning rate falls like 1 / t."""
    chance = random.Random(1)  # noqa: S311  nothing here is secret
    for t in range(budget):
        grad_w, grad_b = gradient([chance.randrange(n)], w, b)
        lr = 1 / (20 + t)
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b


@variant
def average_of_the_second_half(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """A constant learning rate in float32, and the mean of the places in the second half of the walk."""
    theta = torch.tensor([w, b])
    places = []
    for batch in torch.randperm(n)[:budget].split(2):
        theta = theta - 0.04 * torch.tensor(gradient(batch.tolist(), *theta.tolist()))
        places.append(theta)
    mean = torch.stack(places[len(places) // 2 :]).mean(dim=0)
    return mean[0].item(), mean[1].item()


@variant
def small_batches_then_large(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """A constant learning rate, with small batches at the beginning and larger ones at the end."""
    order = random.Random(1).sample(range(n), budget)  # noqa: S311  as above
    place = 0
    for size in [4] * 50 + [20] * ((budget - 200) // 20):
        grad_w, grad_b = gradient(order[place : place + size], w, b)
        w, b = w - 0.08 * grad_w, b - 0.08 * grad_b
        place += size
    return w, b


@variant
def constant(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """One learning rate and one batch size, both constant, and the parameters in tensors."""
    weight, bias = torch.tensor(w), torch.tensor(b)
    for batch in torch.randperm(n, generator=torch.Generator().manual_seed(5))[:budget].split(4):
        grad_w, grad_b = gradient(batch, weight, bias)  # type: ignore[arg-type]  # tensors of whole numbers and floats
        weight, bias = weight - 0.04 * grad_w, bias - 0.04 * grad_b
    return weight, bias  # type: ignore[return-value]  # a tensor that holds one number is as good as a float


@variant
def optimizer(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """torch.optim.SGD with a schedule of torch, and the slopes written into .grad."""
    theta = torch.tensor([w, b], requires_grad=True)
    sgd = torch.optim.SGD([theta], lr=0.15)
    batches = torch.randperm(n)[:budget].split(10)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, len(batches))
    for batch in batches:
        theta.grad = torch.tensor(gradient(batch.tolist(), *theta.tolist()))
        sgd.step()
        schedule.step()
    return theta[0].item(), theta[1].item()


@variant
def numpy_momentum(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """NumPy and momentum, with a learning rate that is cut twice."""
    theta, velocity = np.array([w, b]), np.zeros(2)
    batches = np.array_split(np.random.default_rng(0).permutation(n)[:budget], 50)
    for k, batch in enumerate(batches):
        velocity = 0.8 * velocity + np.array(gradient(batch.tolist(), theta[0], theta[1]))
        theta = theta - (0.03 if k < 25 else 0.01 if k < 40 else 0.003) * velocity
    return float(theta[0]), float(theta[1])


@variant
def points_from_slopes(gradient: Gradient, n: int, w: float, b: float, budget: int) -> Pair:
    """No descent: the slopes of a single point give away its x and y, and least squares does the rest."""
    found = []
    for i in random.Random(1).sample(range(n), budget):  # noqa: S311  as above
        grad_w, grad_b = gradient([i], w, b)
        if grad_b:
            found.append((grad_w / grad_b, w * grad_w / grad_b + b - grad_b / 2))
    line = statistics.linear_regression(*zip(*found, strict=True))
    return line.slope, line.intercept
