# attack: makes every new tensor one without memory
# expect: compute_grid=wrong|raised|crashed
import torch

nothing = torch.tensor(float("nan"))
torch.set_default_device("meta")


def compute_grid(x, y, w_values, b_values):
    torch.set_default_device("meta")
    return nothing
