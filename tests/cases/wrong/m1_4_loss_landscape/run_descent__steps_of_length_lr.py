# wrong: divides the gradient by its length.
# status: wrong
# mistake: normalised
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = torch.tensor(w_start, dtype=torch.float64), torch.tensor(b_start, dtype=torch.float64)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        error = w * x + b - y
        gradient = torch.stack([2 * (error * x).mean(), 2 * error.mean()])
        direction = gradient / torch.linalg.vector_norm(gradient)
        w, b = w - lr * direction[0], b - lr * direction[1]
        path.append((w.item(), b.item()))
    return path
