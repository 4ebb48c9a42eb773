# wrong: one unit too many.
# status: wrong
# mistake: none
# says: expected (2, 2)
import torch


def solve_xor():
    return {
        "W1": torch.tensor([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]]),
        "b1": torch.zeros(3),
        "W2": torch.tensor([[1.0], [1.0], [0.0]]),
        "b2": torch.zeros(1),
    }
