# attack: returns an object that answers the array protocols with whatever is asked
# expect: compute_grid=wrong
import numpy
import torch


class Chameleon:
    shape = (3, 3)
    dtype = torch.float64
    ndim = 2

    def __array__(self, dtype=None, copy=None):
        return numpy.zeros(self.shape)

    def __array_ufunc__(self, function, method, *inputs, **kwargs):
        return True

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __dlpack__(self, **kwargs):
        return torch.zeros(self.shape).__dlpack__()

    def __dlpack_device__(self):
        return (1, 0)


def compute_grid(x, y, w_values, b_values):
    return Chameleon()
