# right: everything in float64, whatever comes in.
import math

import torch


def split_batches(order, batch_size):
    number = math.ceil(len(order) / batch_size)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(number)]


def per_sample_gradients(x, y, w, b):
    x, y = x.double(), y.double()
    residual = torch.addcmul(b - y, x, torch.tensor(w, dtype=torch.float64))
    return 2 * torch.stack([residual * x, residual]).T


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    x, y = x.double(), y.double()
    theta = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    squares = torch.empty(len(order), dtype=torch.float64)
    for k, batch in enumerate(split_batches(order, batch_size)):
        errors = theta[0] * x[batch] + theta[1] - y[batch]
        squares[k * batch_size : k * batch_size + len(batch)] = errors.detach() ** 2
        optimizer.zero_grad(set_to_none=True)
        errors.pow(2).mean().backward()
        optimizer.step()
    return theta[0].item(), theta[1].item(), squares.mean().item()


def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    g = grads.double()
    return (g.var(dim=0, correction=0).sum() / batch_size * (n - batch_size) / (n - 1)).item()
