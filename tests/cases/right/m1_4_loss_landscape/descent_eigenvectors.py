# right: the closed form in the directions of the eigenvectors, where every step is a multiplication.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    design = torch.stack([x, torch.ones_like(x)], dim=1).double()
    hessian = 2 * design.T @ design / len(x)
    best = torch.linalg.pinv(design) @ y.double()
    curvatures, directions = torch.linalg.eigh(hessian)
    distance = directions.T @ (torch.tensor([w_start, b_start], dtype=torch.float64) - best)
    powers = (1 - lr * curvatures) ** torch.arange(steps + 1, dtype=torch.float64)[:, None]
    points = best + (powers * distance) @ directions.T
    return [(w, b) for w, b in points.tolist()]
