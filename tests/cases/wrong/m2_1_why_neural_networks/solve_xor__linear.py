# wrong: the best line, in a network whose units are always on.
# status: wrong
# mistake: one_half_everywhere
import torch


def solve_xor():
    return {
        "W1": torch.eye(2),
        "b1": torch.full((2,), 5.0),
        "W2": torch.zeros(2, 1),
        "b2": torch.tensor([0.5]),
    }
