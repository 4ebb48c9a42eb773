# right: the square multiplied out, with einsum for the means.
import torch


def fixed_bias_slice(x, y, w_values, b):
    rest = y - b
    n = len(x)
    xx, xr, rr = (torch.einsum("i,i->", *pair) / n for pair in ((x, x), (x, rest), (rest, rest)))
    return w_values**2 * xx - 2 * w_values * xr + rr
