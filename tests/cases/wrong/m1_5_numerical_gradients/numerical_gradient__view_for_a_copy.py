# wrong: keeps the old value as a view, which moves with the entry.
# status: wrong
# mistake: view_for_a_copy
import numpy as np
import torch


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.zeros_like(theta)
    for idx in np.ndindex(*theta.shape):
        old = theta[idx]
        theta[idx] = old + h
        up = f(theta)
        theta[idx] = old - h
        down = f(theta)
        theta[idx] = old
        grad[idx] = (up - down) / (2 * h)
    return grad
