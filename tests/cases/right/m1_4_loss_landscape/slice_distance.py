# right: the squared distance of vectors, divided by their length.
import torch


def fixed_bias_slice(x, y, w_values, b):
    lines = torch.stack([w * x + b for w in w_values.unbind()])
    return torch.linalg.vector_norm(lines - y, dim=-1).pow(2) / len(y)
