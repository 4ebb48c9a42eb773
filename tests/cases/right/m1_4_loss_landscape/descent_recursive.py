# right: no loop: the path is the start, followed by the path from the next point.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    if steps == 0:
        return [(w_start, b_start)]
    error = w_start * x + b_start - y
    w_next = w_start - lr * torch.mean(2 * error * x).item()
    b_next = b_start - lr * torch.mean(2 * error).item()
    return [(w_start, b_start), *run_descent(x, y, w_next, b_next, lr, steps - 1)]
