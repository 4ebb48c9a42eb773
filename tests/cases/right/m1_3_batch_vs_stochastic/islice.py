# right: islice for the batches, and comprehensions for the rest.
from collections import deque
from itertools import islice

import torch


def split_batches(order, batch_size):
    numbers = iter(order)
    return list(iter(lambda: list(islice(numbers, batch_size)), []))


def per_sample_gradients(x, y, w, b):
    return torch.stack([torch.stack([2 * (w * xi + b - yi) * xi, 2 * (w * xi + b - yi)]) for xi, yi in zip(x, y)])


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    total, waiting = 0.0, deque(order)
    while waiting:
        batch = [waiting.popleft() for _ in range(min(batch_size, len(waiting)))]
        errors = w * x[batch] + b - y[batch]
        total += errors.square().sum().item()
        w, b = w - lr * 2 * (errors * x[batch]).mean().item(), b - lr * 2 * errors.mean().item()
    return w, b, total / x.numel()


def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    # Inverting the ends: a single point has the whole spread, the batch of all has none.
    single = sum(torch.dist(row, grads.mean(dim=0)).item() ** 2 for row in grads) / n
    return single * (1 / batch_size - 1 / n) / (1 - 1 / n)
