# wrong: divides by the larger of both, with a guard of 1e-8.
# status: wrong
# mistake: by_the_larger
import torch


def relative_error(a, n):
    return ((a - n).abs() / torch.maximum(a.abs(), n.abs()).clamp(min=1e-8)).max().item()
