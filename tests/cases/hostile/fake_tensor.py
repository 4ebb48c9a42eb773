# attack: returns one of torch's own tensor subclasses that only pretend to compute
# expect: compute_grid=wrong|raised|timeout
import torch
from torch._subclasses.fake_tensor import FakeTensorMode


def compute_grid(x, y, w_values, b_values):
    with FakeTensorMode():
        return torch.empty(len(w_values), len(b_values))
