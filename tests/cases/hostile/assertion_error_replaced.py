# attack: makes AssertionError an exception that counts as success
# expect: compute_grid=wrong
import builtins

import torch


class AssertionError(Exception):
    def __bool__(self):
        return False


builtins.AssertionError = AssertionError


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
