# right: meshgrid in the "xy" order, turned over at the end, and a flat list of pairs in between.
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    W, B = torch.meshgrid(w_values, b_values, indexing="xy")
    pairs = torch.stack([W.reshape(-1), B.reshape(-1)], dim=1)
    predictions = pairs[:, :1] * x + pairs[:, 1:]
    flat = (predictions - y).pow(2).sum(1) / x.numel()
    return flat.reshape(len(b_values), len(w_values)).T.contiguous()
