# attack: returns a view whose sign is flipped lazily
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), complex("nan+nanj"), dtype=torch.complex128).conj().imag
