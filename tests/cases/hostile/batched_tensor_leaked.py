# attack: returns a tensor that has escaped from vmap and can no longer be read
# expect: compute_grid=wrong|raised|crashed
import torch

LEAKED = []


def compute_grid(x, y, w_values, b_values):
    torch.func.vmap(lambda row: LEAKED.append(row) or row)(torch.full((len(w_values), len(b_values)), float("nan")))
    return LEAKED[-1]
