# attack: is a coroutine, which computes nothing
# expect: compute_grid=wrong|invalid
import torch


async def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
