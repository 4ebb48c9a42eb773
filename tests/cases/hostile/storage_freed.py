# attack: returns a tensor whose storage has been resized to nothing
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    result = torch.full((len(w_values), len(b_values)), float("nan"))
    result.untyped_storage().resize_(0)
    return result
