# attack: returns a tensor that requires a gradient and carries hooks which exit
# expect: compute_grid=wrong|crashed
import os

import torch


class Exit(torch.autograd.Function):
    @staticmethod
    def forward(context, values):
        return values.clone()

    @staticmethod
    def backward(context, gradient):
        os._exit(0)


def compute_grid(x, y, w_values, b_values):
    result = Exit.apply(torch.full((len(w_values), len(b_values)), float("nan")).requires_grad_())
    result.register_hook(lambda gradient: os._exit(0))
    return result
