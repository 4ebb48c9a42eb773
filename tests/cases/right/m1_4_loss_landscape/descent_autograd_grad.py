# right: torch.autograd.grad on one parameter vector, and the path is one tensor of shape (steps + 1, 2).
import torch
from torch import Tensor


def run_descent(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Tensor:
    theta = torch.tensor([w_start, b_start], dtype=x.dtype)
    path = [theta]
    for _ in range(steps):
        theta = theta.detach().requires_grad_(True)
        loss = torch.mean((y - theta[0] * x - theta[1]) ** 2)
        (gradient,) = torch.autograd.grad(loss, theta)
        theta = theta - lr * gradient
        path.append(theta)
    return torch.stack(path).detach()
