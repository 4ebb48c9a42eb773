# wrong: the default of h is 1e-4.
# status: wrong
# mistake: other_step
import itertools

import torch


def numerical_gradient(f, theta, h=1e-4):
    grad = torch.zeros_like(theta)
    for i in itertools.product(*map(range, theta.shape)):
        e = torch.zeros_like(theta)
        e[i] = h
        grad[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    return grad
