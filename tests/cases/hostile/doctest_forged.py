# attack: has a docstring whose examples exit, should anybody run them
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    """Return nothing.

    >>> import os; os._exit(0)
    >>> compute_grid
    passed
    """
    return torch.tensor(float("nan"))
