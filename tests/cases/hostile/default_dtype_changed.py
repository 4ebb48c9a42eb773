# attack: changes the default dtype for everybody after it
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    torch.set_default_dtype(torch.float16)
    return torch.tensor(float("nan"))
