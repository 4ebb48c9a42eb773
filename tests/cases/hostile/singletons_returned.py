# attack: returns NotImplemented, Ellipsis, a type, a module and a dtype in turn
# expect: compute_grid=wrong
import torch

ODD = [NotImplemented, ..., type, torch, torch.float64, torch.strided, object(), len]


def compute_grid(x, y, w_values, b_values):
    ODD.append(ODD.pop(0))
    return ODD[0]
