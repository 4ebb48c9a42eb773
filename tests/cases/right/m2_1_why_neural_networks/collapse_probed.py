# right: asks both layers about zeros and about each input alone.
import torch


def collapse_linear(W1, b1, W2, b2):
    def both(row):
        return (row @ W1 + b1) @ W2 + b2

    b = both(torch.zeros(len(W1)))
    return torch.stack([both(row) - b for row in torch.eye(len(W1))]), b
