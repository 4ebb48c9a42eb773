# wrong: rounds each loss to three decimals, which shows where the numbers are small.
# status: wrong
# mistake: rounded_to_3
import torch


def compute_grid(x, y, w_values, b_values):
    g = torch.zeros(len(w_values), len(b_values))
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            g[i, j] = round(((w * x + b - y) ** 2).mean().item(), 3)
    return g
