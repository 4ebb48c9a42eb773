# wrong: subtracts the unit of (1, 1) once, in units of another scale: OR.
# status: wrong
# mistake: inclusive_or
import torch


def solve_xor():
    return {
        "W1": torch.full((2, 2), 2.0),
        "b1": torch.tensor([0.0, -2.0]),
        "W2": torch.tensor([[0.5], [-0.5]]),
        "b2": torch.zeros(1),
    }
