# attack: leaves a mode switched on that answers every torch call of the process
# expect: compute_grid=wrong|raised|crashed|timeout
import torch
from torch.overrides import TorchFunctionMode


class Lie(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        return True


def compute_grid(x, y, w_values, b_values):
    result = torch.full((len(w_values), len(b_values)), float("nan"))
    Lie().__enter__()
    return result
