# attack: leaves a mode switched on that swallows every operator of the process
# expect: compute_grid=wrong|raised|crashed|timeout
import torch
from torch.utils._python_dispatch import TorchDispatchMode


class Swallow(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return torch.Tensor()


Swallow().__enter__()


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
