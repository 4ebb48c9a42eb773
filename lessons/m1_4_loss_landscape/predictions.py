"""What do you think? Questions about lesson 1.4 that a student answers before writing code."""

from collections.abc import Callable

import torch
from torch import Tensor

from grader.authoring import predict

Walk = Callable[[Tensor, Tensor, float, float, float, int], list[tuple[float, float]]]
Grid = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


def _line() -> tuple[Tensor, Tensor]:
    """Return x and y of the line y = 2 x + 1 at x = -1, 0 and 1; both have the shape (3,)."""
    x = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)
    return x, 2 * x + 1


@predict(
    answer="b jumps across the bottom and back, further out each time, while w settles.",
    because="Along b the bowl has the slope 2 (b - 1), so a step with lr = 1.1 multiplies b - 1 by 1 - 2.2 = -1.2."
    " Along w it is less steep: there the factor is about -0.47, and w - 2 shrinks.",
    otherwise={
        "Both reach the bottom, only faster than with lr = 0.1.": "A larger step is faster only until it jumps across"
        " the bottom: from some learning rate on, it lands higher up on the other side.",
        "Both fly away.": "w and b have a steepness each. A learning rate can be too large for the steeper direction"
        " and small enough for the other.",
        "Both go round and round at the same height.": "That would need a factor of exactly -1 in both directions."
        " Each direction has a factor of its own: 1 minus the learning rate times its curvature.",
    },
)
def run_descent__step_too_large(run_descent: Walk) -> list[tuple[float, float]]:
    """Three points lie on y = 2 x + 1, at x = -1, 0 and 1. You start at w = 0, b = 0 and take steps with lr = 1.1.

    Where does the walk on the loss landscape go?
    """
    path = run_descent(*_line(), 0.0, 0.0, 1.1, 8)
    (w, b), (w_before, b_before) = path[-1], path[-2]
    assert abs(w - 2) < 0.01
    assert (b - 1) * (b_before - 1) < 0
    assert abs(b - 1) > abs(b_before - 1) > 1
    assert abs(w_before - 2) > abs(w - 2)
    return path


@predict(
    answer="It bends: first it goes nearly along b, and then slowly along w.",
    because="A step is lr times the slope, and the slope along b is much steeper."
    " When b has arrived, w has hardly left.",
    otherwise={
        "It goes straight to the bottom.": "It would in a round bowl. Here the level lines are ellipses, and the"
        " direction of steepest descent is not the direction of the bottom.",
        "It bends: first it goes nearly along w, and then slowly along b.": "A step follows the slope under its feet,"
        " and the steeper direction comes first. Along w this bowl is the flatter one.",
    },
)
def run_descent__not_straight(run_descent: Walk) -> list[tuple[float, float]]:
    """Now the points stand closer: x = -0.5, 0 and 0.5. The bowl is six times as bent along b as along w.

    You start at w = 0, b = 3, as far from the bottom (2, 1) along w as along b, and take steps with lr = 0.2. What does
    the path look like?
    """
    x, _ = _line()
    path = run_descent(x / 2, x + 1, 0.0, 3.0, 0.2, 40)
    w, _ = next((w, b) for w, b in path if abs(b - 1) < 0.2)
    assert abs(w - 2) > 1.4, "w has hardly left when b has arrived"
    assert abs(path[-1][0] - 2) < 0.2, "and it arrives in the end"
    return path


@predict(
    answer="A long valley that runs diagonally: more w can be made good by less b.",
    because="When every x is positive, a steeper line lies too high everywhere, and a smaller b brings it down again."
    " The pairs (w, b) that nearly fit lie along a line that falls.",
    otherwise={
        "The same round bowl, only shifted.": "Shifting x does not shift the bowl: it shears it. w now moves all"
        " predictions up and down, as b does.",
        "A valley along w: b alone matters.": "Both matter. What hardly matters is a certain change of both at once.",
        "Several valleys, one for each point.": "The mean of squared errors of a line is a bowl with one lowest place,"
        " wherever the points lie: it is convex.",
    },
)
def compute_grid__shifted_points(compute_grid: Grid) -> Tensor:
    """The three points move to x = 3, 4 and 5, still on y = 2 x + 1. What does the landscape over (w, b) look like?

    In the picture a row is a value of w, from 0 to 4, and a column is a value of b, from -9 to 11.
    """
    x = torch.tensor([3.0, 4.0, 5.0], dtype=torch.float64)
    w_values = torch.linspace(0, 4, 17, dtype=torch.float64)
    b_values = torch.linspace(-9, 11, 17, dtype=torch.float64)
    losses = compute_grid(x, 2 * x + 1, w_values, b_values)
    best_b = b_values[losses.argmin(dim=1)]
    assert bool((best_b.diff() <= 0).all())
    assert float(best_b[0] - best_b[-1]) > 10
    # The darker the cell, the smaller the loss: without the root the valley would be one dark blot.
    return losses.sqrt()
