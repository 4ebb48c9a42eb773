# right: the path holds pairs of tensors without dimensions, some of which still ask for a gradient.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[Tensor, Tensor]]:
    w = torch.tensor(w_start, requires_grad=True)
    b = torch.tensor(b_start, requires_grad=True)
    path = [(w, b)]
    for _ in range(steps):
        loss = ((y - (w * x + b)) ** 2).mean()
        grad_w, grad_b = torch.autograd.grad(loss, (w, b))
        w = (w - lr * grad_w).detach().requires_grad_()
        b = (b - lr * grad_b).detach().requires_grad_()
        path.append((w, b))
    return path
