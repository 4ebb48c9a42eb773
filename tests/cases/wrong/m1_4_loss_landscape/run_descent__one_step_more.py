# wrong: the loop runs steps + 1 times after the start has been recorded.
# status: wrong
# mistake: one_step_too_many
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    path = [(w_start, b_start)]
    for k in range(steps + 1):
        w, b = path[k]
        residual = y - w * x - b
        path.append((w + 2 * lr * (residual * x).mean().item(), b + 2 * lr * residual.mean().item()))
    return path
