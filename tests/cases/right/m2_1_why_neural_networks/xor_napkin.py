# right: folds along the diagonal, in units of another scale.
import torch


def solve_xor():
    return dict(
        W1=torch.tensor([[4.0, -0.25], [-4.0, 0.25]]),
        b1=torch.zeros(2),
        W2=torch.tensor([[0.25], [4.0]]),
        b2=torch.zeros(1),
    )
