# right: the path is a list of lists.
import torch
from torch import Tensor


def run_descent(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> list[list[float]]:
    theta = torch.tensor([w_start, b_start], dtype=torch.float64)
    design = torch.stack([x.double(), torch.ones(len(x), dtype=torch.float64)], dim=1)
    path = [theta.tolist()]
    for _ in range(steps):
        theta = theta - lr * 2 / len(x) * design.T @ (design @ theta - y.double())
        path.append(theta.tolist())
    return path
