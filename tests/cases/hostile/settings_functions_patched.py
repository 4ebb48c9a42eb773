# attack: replaces the functions by which torch's settings are read and restored
# expect: compute_grid=wrong|raised|crashed|timeout
import torch


class Different:
    def __eq__(self, other):
        raise SystemExit(0)

    __ne__ = __eq__
    __hash__ = None


for name in ("get_default_dtype", "is_grad_enabled", "get_num_threads", "get_default_device", "initial_seed"):
    setattr(torch, name, Different)
torch.manual_seed = torch.set_default_dtype = torch.set_grad_enabled = lambda value: 1 / 0


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
