# wrong: the numbers in front of the squares, H / 2.
# status: wrong
# mistake: half
import torch
from torch import Tensor


def bowl_from_losses(points: Tensor, losses: Tensor) -> tuple[Tensor, Tensor, float]:
    w, b = points[:, 0], points[:, 1]
    design = torch.stack([w**2, 2 * w * b, b**2, w, b, torch.ones(6)], dim=1)
    p, q, r, s, t, u = torch.linalg.solve(design, losses).tolist()
    A = torch.tensor([[p, q], [q, r]])
    bottom = -torch.linalg.inv(A) @ torch.tensor([s, t]) / 2
    return A, bottom, u + 0.5 * (s * bottom[0].item() + t * bottom[1].item())
