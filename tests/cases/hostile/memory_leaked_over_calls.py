# attack: keeps two hundred megabytes more at every call
# expect: compute_grid=wrong|raised|crashed|timeout
import torch

hoard = []


def compute_grid(x, y, w_values, b_values):
    hoard.append(torch.empty(2**28, dtype=torch.uint8))  # untouched pages: the limit is met before the machine is
    return torch.tensor(float("nan"))
