# right: the Jacobian by reverse mode, chunks by zip, one parameter vector.
from itertools import zip_longest

import torch

MISSING = object()


def split_batches(order, batch_size):
    columns = zip_longest(*[iter(order)] * batch_size, fillvalue=MISSING)
    return [[number for number in column if number is not MISSING] for column in columns]


def per_sample_gradients(x, y, w, b):
    return torch.func.jacrev(lambda theta: (theta[0] * x + theta[1] - y) ** 2)(torch.tensor([w, b]))


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    theta = torch.tensor([w, b])
    A = torch.stack([x, torch.ones(len(x))], dim=1)
    seen = []
    for batch in split_batches(order, batch_size):
        error = A[batch] @ theta - y[batch]
        seen.append(error)
        theta = theta - lr * 2 * A[batch].T @ error / len(batch)
    everything = torch.cat(seen)
    return theta[0].item(), theta[1].item(), torch.dot(everything, everything).item() / len(everything)


def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    covariance = torch.cov(grads.T, correction=1)
    return torch.trace(covariance).item() * (n - batch_size) / (n * batch_size)
