# attack: returns a wrapper tensor without memory whose every operator is answered by the student
# expect: compute_grid=wrong|raised
import torch


class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls, *shape):
        return torch.Tensor._make_wrapper_subclass(cls, shape, dtype=torch.float64)

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        raise SystemExit(0)


def compute_grid(x, y, w_values, b_values):
    return Wrapper(len(w_values), len(b_values))
