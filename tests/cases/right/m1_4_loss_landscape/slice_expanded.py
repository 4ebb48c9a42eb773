# right: everything expanded to a table first, then mse_loss without a reduction.
import torch


def fixed_bias_slice(x, y, w_values, b):
    n_w, n = w_values.numel(), x.numel()
    predicted = w_values.view(-1, 1).expand(n_w, n) * x.expand(n_w, n) + torch.tensor(b)
    return torch.nn.functional.mse_loss(predicted, y.expand(n_w, n), reduction="none").mean(dim=1)
