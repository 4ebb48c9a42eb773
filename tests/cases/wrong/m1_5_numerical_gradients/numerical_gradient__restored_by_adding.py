# wrong: moves an entry back by adding, which is off by rounding.
# status: wrong
# mistake: restored_by_adding
import numpy as np
import torch


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.zeros_like(theta)
    for idx in np.ndindex(*theta.shape):
        theta[idx] += h
        up = f(theta)
        theta[idx] -= 2 * h
        down = f(theta)
        theta[idx] += h
        grad[idx] = (up - down) / (2 * h)
    return grad
