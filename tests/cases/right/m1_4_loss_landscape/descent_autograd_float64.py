# right: autograd with float64 parameters, the gradients set to None in every step.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w = torch.tensor(w_start, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(b_start, dtype=torch.float64, requires_grad=True)
    path = [(w_start, b_start)]
    for _ in range(steps):
        w.grad = b.grad = None
        ((w * x + b - y) ** 2).mean().backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
            b.sub_(lr * b.grad)
        path.append((float(w), float(b)))
    return path
