# wrong: the pairs hold the bias first.
# status: wrong
# mistake: pairs_swapped
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    theta = torch.tensor([b_start, w_start], dtype=torch.float64)
    X = torch.stack([torch.ones_like(x), x], dim=1).double()
    path = [tuple(theta.tolist())]
    for _ in range(steps):
        theta = theta - lr * 2 * X.T @ (X @ theta - y.double()) / len(y)
        path.append(tuple(theta.tolist()))
    return path
