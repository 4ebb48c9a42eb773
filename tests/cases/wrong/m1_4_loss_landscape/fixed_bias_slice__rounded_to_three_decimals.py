# wrong: rounds each loss to three decimals.
# status: wrong
# mistake: rounded_to_3
import torch


def fixed_bias_slice(x, y, w_values, b):
    return torch.tensor([round(((w * x + b - y) ** 2).mean().item(), 3) for w in w_values.tolist()])
