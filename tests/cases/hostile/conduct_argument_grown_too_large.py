# attack: is right, and makes an argument so large that it cannot be sent back
# expect: compute_grid=wrong
# points: 7
import torch


def compute_grid(x, y, w_values, b_values):
    losses = ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)
    x.set_(torch.zeros(10**6, dtype=x.dtype))
    return losses
