# wrong: returns inside the loop over the weights.
# status: wrong
# mistake: first_row_only
import torch


def compute_grid(x, y, w_values, b_values):
    losses = torch.zeros(len(w_values), len(b_values))
    for i in range(len(w_values)):
        for j in range(len(b_values)):
            losses[i, j] = torch.mean((w_values[i] * x + b_values[j] - y) ** 2)
        return losses
