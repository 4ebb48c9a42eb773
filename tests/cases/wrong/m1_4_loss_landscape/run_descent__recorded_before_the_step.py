# wrong: records before each step, so the end is missing.
# status: wrong
# mistake: end_missing
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w = torch.tensor(w_start, requires_grad=True)
    b = torch.tensor(b_start, requires_grad=True)
    path = []
    for _ in range(steps):
        path.append((w.item(), b.item()))
        loss = torch.mean((y - (w * x + b)) ** 2)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return path
