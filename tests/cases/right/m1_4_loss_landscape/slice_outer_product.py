# right: torch.outer for the products of weights and inputs.
import torch


def fixed_bias_slice(x, y, w_values, b):
    return (torch.outer(w_values, x) + b - y).square().mean(1)
