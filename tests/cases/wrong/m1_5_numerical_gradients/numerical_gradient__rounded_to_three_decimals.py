# wrong: rounds every slope to three decimals.
# status: wrong
# mistake: rounded_to_3
import itertools

import torch


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.zeros_like(theta)
    for i in itertools.product(*map(range, theta.shape)):
        e = torch.zeros_like(theta)
        e[i] = h
        grad[i] = round((f(theta + e) - f(theta - e)) / (2 * h), 3)
    return grad
