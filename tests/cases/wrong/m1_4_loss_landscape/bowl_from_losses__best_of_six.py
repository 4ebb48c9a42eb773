# wrong: the lowest of the six points is taken for the bottom.
# status: wrong
# mistake: best_of_the_six
import torch
from torch import Tensor


def bowl_from_losses(points: Tensor, losses: Tensor) -> tuple[Tensor, Tensor, float]:
    w, b = points.T
    design = torch.stack([w * w, w * b, b * b, w, b, torch.ones(6)], dim=1)
    ww, wb, bb, *_ = torch.linalg.solve(design, losses).tolist()
    k = int(torch.argmin(losses))
    return torch.tensor([[2 * ww, wb], [wb, 2 * bb]]), points[k].clone(), losses[k].item()
