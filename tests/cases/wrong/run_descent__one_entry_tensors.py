# wrong: the parameters are tensors of shape (1,), where floats are expected.
# status: wrong
# mistake: none
# says: a tensor of shape (1,)
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = torch.tensor([w_start], dtype=x.dtype), torch.tensor([b_start], dtype=x.dtype)
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        path.append((w, b))
    return path
