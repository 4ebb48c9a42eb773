# right: a layer nn.Linear for each pair, in float32.
import torch
from torch import nn


def compute_grid(x, y, w_values, b_values):
    model = nn.Linear(1, 1)
    grid = torch.empty(len(w_values), len(b_values))
    with torch.no_grad():
        for i, w in enumerate(w_values):
            for j, b in enumerate(b_values):
                model.weight.copy_(w.reshape(1, 1))
                model.bias.copy_(b.reshape(1))
                grid[i, j] = nn.functional.mse_loss(model(x.reshape(-1, 1)), y.reshape(-1, 1))
    return grid
