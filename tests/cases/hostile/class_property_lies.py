# attack: returns an object whose __class__ says it is a tensor, so that isinstance agrees
# expect: compute_grid=wrong
import torch


class Impostor:
    __class__ = property(lambda self: torch.Tensor)
    shape = torch.Size([])
    dtype = torch.float64
    layout = torch.strided
    is_nested = False

    def __getattr__(self, name):
        return lambda *args, **kwargs: self

    def __le__(self, other):
        return True

    __eq__ = __le__
    __hash__ = None


def compute_grid(x, y, w_values, b_values):
    return Impostor()
