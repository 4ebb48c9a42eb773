# attack: returns a compressed sparse tensor whose indices point out of range
# expect: compute_grid=wrong|raised|crashed
import warnings

import torch

warnings.simplefilter("ignore")


def compute_grid(x, y, w_values, b_values):
    return torch.sparse_csr_tensor([0, 1], [10**9], [1.0], size=(1, 2**40), check_invariants=False)
