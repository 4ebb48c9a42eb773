# wrong: the lowest loss is the constant term.
# status: wrong
# mistake: loss_at_the_origin
import torch
from torch import Tensor


def bowl_from_losses(points: Tensor, losses: Tensor) -> tuple[Tensor, Tensor, float]:
    w, b = points.T
    design = torch.stack([w * w, w * b, b * b, w, b, torch.ones(6)], dim=1)
    numbers = torch.linalg.solve(design, losses)
    H = torch.stack([2 * numbers[0], numbers[1], numbers[1], 2 * numbers[2]]).view(2, 2)
    bottom = torch.linalg.solve(H, -numbers[3:5])
    return H, bottom, numbers[5].item()
