# attack: puts a class where a function belongs
# expect: compute_grid=wrong|invalid
import torch


class compute_grid:
    def __new__(cls, x, y, w_values, b_values):
        return torch.tensor(float("nan"))
