# attack: asks torch for a hundred thousand threads
# expect: compute_grid=wrong|raised|crashed|timeout
import torch


def compute_grid(x, y, w_values, b_values):
    torch.set_num_threads(100_000)
    torch.ones(2000, 2000) @ torch.ones(2000, 2000)
    return torch.tensor(float("nan"))
