# attack: puts another class in the place of torch.Tensor
# expect: compute_grid=wrong|raised|crashed
import torch


class Tensor:
    def __eq__(self, other):
        return True

    __hash__ = None


torch.Tensor = torch._tensor.Tensor = Tensor


def compute_grid(x, y, w_values, b_values):
    return Tensor()
