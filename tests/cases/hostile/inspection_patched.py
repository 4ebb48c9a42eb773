# attack: replaces what reads signatures and sources
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import inspect

import torch


def leave(*args, **kwargs):
    raise SystemExit(0)


inspect.signature = inspect.getsource = inspect.unwrap = leave
inspect.Signature.bind = lambda *args: None


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
