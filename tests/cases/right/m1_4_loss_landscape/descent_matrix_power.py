# right: no loop over the points: step k is the k-th power of one affine map of (w, b, 1).
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    x, y = x.double(), y.double()
    mean_xx, mean_x = (x * x).mean().item(), x.mean().item()
    mean_xy, mean_y = (x * y).mean().item(), y.mean().item()
    step = torch.tensor(
        [
            [1 - 2 * lr * mean_xx, -2 * lr * mean_x, 2 * lr * mean_xy],
            [-2 * lr * mean_x, 1 - 2 * lr, 2 * lr * mean_y],
            [0.0, 0.0, 1.0],
        ],
        dtype=torch.float64,
    )
    start = torch.tensor([w_start, b_start, 1.0], dtype=torch.float64)
    points = [torch.linalg.matrix_power(step, k) @ start for k in range(steps + 1)]
    return [(float(point[0]), float(point[1])) for point in points]
