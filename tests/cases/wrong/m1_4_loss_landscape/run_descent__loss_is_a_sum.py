# wrong: differentiates the sum of the squared errors.
# status: wrong
# mistake: summed
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w = torch.tensor(w_start, requires_grad=True)
    b = torch.tensor(b_start, requires_grad=True)
    path = [(w_start, b_start)]
    for _ in range(steps):
        loss = ((w * x + b - y) ** 2).sum()
        grad_w, grad_b = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grad_w
            b -= lr * grad_b
        path.append((w.item(), b.item()))
    return path
