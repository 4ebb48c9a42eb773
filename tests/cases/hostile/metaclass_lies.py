# attack: returns an object whose type equals, hashes like and is named like torch.Tensor
# expect: compute_grid=wrong
import torch


class Meta(type):
    def __eq__(cls, other):
        return True

    def __instancecheck__(cls, value):
        return True

    def __subclasscheck__(cls, other):
        return True

    def __hash__(cls):
        return hash(torch.Tensor)

    def __getattribute__(cls, name):
        return getattr(torch.Tensor, name)


class Tensor(metaclass=Meta):
    __module__ = "torch"
    __qualname__ = "Tensor"


def compute_grid(x, y, w_values, b_values):
    return Tensor()
