"""solve_xor must return two hidden units that tell equal inputs from different ones; only the outputs are judged."""

import torch
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, assert_at_most, assert_close, variant

from .shared import CORNERS, relu_outputs

NEAR = 1e-3
"""How far an output may be from 0 or 1: a trained network is right, too."""
XOR = (0.0, 1.0, 1.0, 0.0)
NAMED = {
    (0.5, 0.5, 0.5, 0.5): "one_half_everywhere",
    (0.0, 1.0, 1.0, 1.0): "inclusive_or",
    (0.0, 0.0, 0.0, 1.0): "both",
    (1.0, 0.0, 0.0, 1.0): "equal_instead_of_different",
    (0.0, 1.0, 1.0, 2.0): "sum_of_the_inputs",
    (-1.0, 1.0, 1.0, -1.0): "minus_one_and_one",
}
"""Truth tables of other functions, by the name of the mistake."""


def _outputs(solve_xor: StudentFunction) -> Tensor:
    return relu_outputs(CORNERS, solve_xor()).flatten()


def _shown(outputs: Tensor) -> str:
    return ", ".join(f"{value:.4g}" for value in outputs.tolist())


def test_corners(solve_xor: StudentFunction) -> None:
    """On (0, 0), (0, 1), (1, 0) and (1, 1) the network says 0, 1, 1 and 0.

    Its parameters are used with ReLU, as `mlp_forward` does.
    """
    outputs = _outputs(solve_xor)
    if not bool(((outputs - torch.tensor(XOR)).abs() <= NEAR).all()):
        table = tuple(outputs.round(decimals=3).tolist())
        says = f"On (0, 0), (0, 1), (1, 0), (1, 1) your network says {_shown(outputs)}, and XOR is 0, 1, 1, 0."
        raise CheckFailed(says, outputs, torch.tensor(XOR), mistake=NAMED.get(table, ""))


def test_better_than_every_line(solve_xor: StudentFunction) -> None:
    """The mean squared error on the four corners is below 1/4, the least that a model without a bend can reach.

    The best linear model ignores its inputs and says 1/2 everywhere, which is off by 1/2 at every corner.
    """
    loss = ((_outputs(solve_xor) - torch.tensor(XOR)) ** 2).mean()
    says = f"The mean squared error of your network is {loss:.4g}: a line gets down to 0.25."
    assert_at_most(loss, 0.25, slack=-0.01, says=says)


def test_bends_between_the_corners(solve_xor: StudentFunction) -> None:
    """Opposite corners do not balance: (0, 1) and (1, 0) together give 2 more than (0, 0) and (1, 1).

    For every linear model the two sums are equal, because both pairs have the same midpoint. The difference is what the
    activation adds.
    """
    low, left, right, high = _outputs(solve_xor).tolist()
    says = f"Opposite corners of your network sum to {left + right:.4g} and {low + high:.4g}."
    assert_close(left + right - low - high, 2.0, tolerance=NEAR, scale=4, says=says)


# Right answers in other styles


@variant
def distance() -> dict[str, Tensor]:
    """The distance of the two inputs: one unit for each sign of their difference."""
    W1 = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
    return {"W1": W1, "b1": torch.zeros(2), "W2": torch.ones(2, 1), "b2": torch.zeros(1)}


@variant
def from_above() -> dict[str, Tensor]:
    """1 minus the unit for two zeros and the unit for two ones, in a dict of another order."""
    W2, b2 = torch.full((2, 1), -1.0), torch.ones(1)
    return {"b2": b2, "W2": W2, "b1": torch.tensor([1.0, -1.0]), "W1": torch.tensor([[-1.0, 1.0], [-1.0, 1.0]])}


@variant
def by_hand_from_training() -> dict[str, Tensor]:
    """Numbers with four digits, as a training run leaves them."""
    return {
        "W1": torch.tensor([[1.2346, -0.8712], [-1.2346, 0.8713]]),
        "b1": torch.tensor([0.0, 0.0]),
        "W2": torch.tensor([[0.81], [1.1478]]),
        "b2": torch.tensor([0.0001]),
    }


@variant
def parameters() -> dict[str, Tensor]:
    """float64, taken out of two layers."""
    first, second = torch.nn.Linear(2, 2).double(), torch.nn.Linear(2, 1).double()
    with torch.no_grad():
        first.weight.copy_(torch.tensor([[2.0, 2.0], [0.5, 0.5]]))
        first.bias.copy_(torch.tensor([-2.0, 0.0]))
        second.weight.copy_(torch.tensor([[-1.0, 2.0]]))
        second.bias.zero_()
    return {
        "W1": first.weight.T.detach().clone(),
        "b1": first.bias.detach(),
        "W2": second.weight.detach().T,
        "b2": second.bias.detach(),
    }
