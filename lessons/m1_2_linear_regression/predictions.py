"""Questions of lesson 1.2 that are asked before any code is written."""

from collections.abc import Callable

import torch
from torch import Tensor

from grader.authoring import predict

Step = Callable[[Tensor, Tensor, float, float, float], tuple[float, float]]


def _data() -> tuple[Tensor, Tensor]:
    """Return the forty points of the lesson: inputs from -1 to 1, around the line 2 * x + 1."""
    x = torch.linspace(-1, 1, 40, dtype=torch.float64)
    noise = torch.randn(40, generator=torch.Generator().manual_seed(42))
    return x, 2 * x + 1 + 0.3 * noise


def _walk(gradient_step: Step, lr: float, steps: int) -> list[tuple[float, float]]:
    x, y = _data()
    path = [(0.0, 0.0)]
    for _ in range(steps):
        path.append(gradient_step(x, y, *path[-1], lr))
    return path


@predict(
    answer="The weight has made less than a third of its way, and the bias less than two thirds.",
    because="A step multiplies what is left of the way by 1 - lr * curvature: 0.993 for the weight, whose curvature is "
    "0.70, and 0.98 for the bias, whose curvature is 2. After 50 steps 70 % and 36 % are left.",
    otherwise={
        "Both have arrived: 50 steps are many.": "How many steps are many depends on the learning rate and on the "
        "curvature. The slopes shrink on the way, so the steps do too.",
        "Both have made half of their way: 50 steps of 0.01 are 0.5.": "The learning rate is not the length of a step. "
        "It multiplies the slope, which is different for w and for b and becomes smaller with every step.",
        "Nothing to speak of: 0.01 is too small to move anything.": "Every step takes off a fixed part of the way, "
        "here 2 % of that of the bias, and small parts add up.",
    },
)
def gradient_step__small_learning_rate(gradient_step: Step) -> Tensor:
    """40 inputs from -1 to 1, targets around 2 * x + 1: how far do 50 steps with lr = 0.01 lead from w = 0, b = 0?"""
    path = torch.tensor(_walk(gradient_step, 0.01, 50))
    made_w, made_b = (path[-1] / torch.tensor([2.0027, 1.0266])).tolist()
    assert 0.25 < made_w < 1 / 3
    assert 0.6 < made_b < 2 / 3
    return path[:, 0]


@predict(
    answer="The weight arrives, and the bias jumps between two values for ever.",
    because="The inputs have mean 0, so w and b do not disturb each other. A step multiplies the way that is left by "
    "1 - 1.0 * 0.70 = 0.30 for the weight, and by 1 - 1.0 * 2 = -1 for the bias: as far off as before, on the other "
    "side.",
    otherwise={
        "Both arrive, only sooner than with lr = 0.1.": "That holds up to a point. A longer step comes closer as long "
        "as it stays on its side of the valley; the one along b crosses to the same height on the other side.",
        "Both run away: 1.0 is far too large.": "Nothing runs away unless lr * curvature is above 2. Along w it is "
        "0.70, and along b it is exactly 2.",
        "Both jump between two values for ever.": "Each direction has a curvature of its own, and so a limit of its "
        "own. Only the bias stands on its limit.",
    },
)
def gradient_step__learning_rate_1(gradient_step: Step) -> list[tuple[float, float]]:
    """40 inputs from -1 to 1, targets around 2 * x + 1: what do w and b do in 50 steps with lr = 1.0 from 0, 0?"""
    path = _walk(gradient_step, 1.0, 50)
    (w_before, b_before), (w, b) = path[-2:]
    assert abs(w - w_before) < 1e-9
    assert abs(w - 2.0027) < 1e-3
    assert abs(b - path[0][1]) < 1e-6
    assert abs(b_before - path[1][1]) < 1e-6
    assert abs(b_before - b) > 2
    return path


@predict(
    answer="The limit becomes smaller than half.",
    because="The largest curvature is above 4 now, and it was 2: away from 0 a turn of the line moves all predictions "
    "the same way, as the bias does, and the two add up.",
    otherwise={
        "The limit stays the same: the cloud of points is the same, only moved.": "The lines are the same too, but "
        "their names (w, b) are not. The curvatures are those along w and b, and mean(x**2) has grown.",
        "The limit becomes larger: all inputs are positive now, so nothing cancels.": "Cancelling helps. Because the "
        "inputs balanced around 0, w and b could be corrected without disturbing each other.",
        "That depends on the targets.": "The second derivatives of the loss contain the inputs alone. The targets "
        "decide where the bottom is, and not how steep the bowl is.",
    },
)
def largest_stable_lr__inputs_moved(largest_stable_lr: Callable[[Tensor], float]) -> Tensor:
    """Inputs from -1 to 1 bear any lr below 1.0. You add 1 to all of them, so that they lie from 0 to 2: and now?"""
    x, _ = _data()
    limits = torch.tensor([largest_stable_lr(x + shift) for shift in torch.linspace(0, 3, 31).tolist()])
    assert abs(limits[0].item() - 1) < 1e-9
    assert limits[10].item() < 0.5
    assert bool((limits.diff() <= 0).all())
    return limits
