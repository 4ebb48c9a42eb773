# wrong: multiplies the float32 data by a float64 matrix, which torch refuses.
# status: raised
# mistake: none
# says: This operation needs tensors of the same dtype
import torch


def compute_grid(x, y, w_values, b_values):
    design = torch.stack([x, torch.ones(len(x))]).T @ torch.eye(2, dtype=torch.float64)
    predictions = w_values[:, None, None] * design[:, 0] + b_values[None, :, None] * design[:, 1]
    return ((y - predictions) ** 2).mean(dim=-1)
