# right: distances from the first point leave five equations; a list for the pair of the bottom made a tensor.
import torch


def bowl_from_losses(points, losses):
    away = points[1:] - points[0]
    dw, db = away[:, 0], away[:, 1]
    a = torch.column_stack((0.5 * dw**2, dw * db, 0.5 * db**2, dw, db))
    ww, wb, bb, gw, gb = torch.linalg.solve(a, losses[1:] - losses[0])
    det = ww * bb - wb**2
    step_w, step_b = (wb * gb - bb * gw) / det, (wb * gw - ww * gb) / det
    lowest = losses[0] + (gw * step_w + gb * step_b) / 2
    H = torch.tensor([[ww, wb], [wb, bb]])
    return H, torch.tensor([points[0, 0] + step_w, points[0, 1] + step_b]), lowest.item()
