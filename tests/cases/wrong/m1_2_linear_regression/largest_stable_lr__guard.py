# wrong: adds 1e-3 to the eigenvalue, against a division by zero.
# status: wrong
# mistake: none
import torch


def largest_stable_lr(x):
    A = torch.stack([x, torch.ones(len(x))], dim=1)
    return 2 / (torch.linalg.eigvalsh(2 * A.T @ A / len(x)).max().item() + 1e-3)
