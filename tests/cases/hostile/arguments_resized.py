# attack: shrinks, resizes and retypes its arguments in place
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    x.resize_(0)
    y.data = torch.zeros(2**20, dtype=torch.int8)
    w_values.untyped_storage().resize_(0)
    b_values.requires_grad_().register_hook(lambda gradient: 1 / 0)
    return torch.tensor(float("nan"))
