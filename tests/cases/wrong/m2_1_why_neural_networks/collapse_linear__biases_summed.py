# wrong: adds both biases, and gives both a common length where they have none.
# status: wrong
# mistake: none
import torch


def collapse_linear(W1, b1, W2, b2):
    return torch.einsum("dh,ho->do", W1, W2), b1.sum() + b2
