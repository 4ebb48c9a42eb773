# wrong: no 2 comes down from the squares.
# status: wrong
# mistake: diagonal_not_doubled
import torch
from torch import Tensor


def bowl_from_losses(points: Tensor, losses: Tensor) -> tuple[Tensor, Tensor, float]:
    w, b = points.double().unbind(dim=1)
    A = torch.stack([w.square(), b.square(), w * b, w, b, torch.ones_like(w)]).T
    ww, bb, wb, p, q, rest = torch.linalg.lstsq(A, losses.double().unsqueeze(1)).solution.flatten()
    H = torch.stack([ww, wb, wb, bb]).reshape(2, 2)
    bottom = torch.linalg.solve(H, -torch.stack([p, q]))
    return H.float(), bottom.float(), float(rest + (p * bottom[0] + q * bottom[1]) / 2)
