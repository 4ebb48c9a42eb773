# right: the optimizer of PyTorch, torch.optim.SGD, on two parameters.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w = torch.nn.Parameter(torch.tensor(w_start))
    b = torch.nn.Parameter(torch.tensor(b_start))
    optimizer = torch.optim.SGD([w, b], lr=lr)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(w * x + b, y)
        loss.backward()
        optimizer.step()
        path.append((w.item(), b.item()))
    return path
