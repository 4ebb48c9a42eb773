# attack: asks for sizes that overflow a 64-bit integer
# expect: compute_grid=raised|crashed|wrong
import torch


def compute_grid(x, y, w_values, b_values):
    for size in ((2**62, 4), (2**31, 2**31, 4), (-1,), (2**63 - 1,)):
        try:
            torch.empty(size).fill_(0)
        except RuntimeError:
            continue
    return torch.empty(2**62, 8)
