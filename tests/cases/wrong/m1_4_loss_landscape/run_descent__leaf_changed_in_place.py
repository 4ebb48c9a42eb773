# wrong: steps without no_grad, which autograd forbids.
# status: raised
# mistake: none
# says: put it inside `with torch.no_grad():`
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w = torch.tensor(w_start, requires_grad=True)
    b = torch.tensor(b_start, requires_grad=True)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        loss = torch.mean((y - (w * x + b)) ** 2)
        loss.backward()
        w -= lr * w.grad
        b -= lr * b.grad
        path.append((w.item(), b.item()))
    return path
