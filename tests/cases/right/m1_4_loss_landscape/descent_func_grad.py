# right: a loss without state, differentiated by torch.func.grad.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    def loss(w: Tensor, b: Tensor) -> Tensor:
        return torch.mean((y - (w * x + b)) ** 2)

    gradient = torch.func.grad(loss, argnums=(0, 1))
    w = torch.tensor(w_start, dtype=torch.float64)
    b = torch.tensor(b_start, dtype=torch.float64)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        grad_w, grad_b = gradient(w, b)
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w.item(), b.item()))
    return path
