# right: a TensorDataset and a DataLoader whose sampler is the order.
import itertools

import torch
from torch.utils.data import BatchSampler, DataLoader, Subset, TensorDataset


def split_batches(order, batch_size):
    return list(BatchSampler(order, batch_size, drop_last=False))


def per_sample_gradients(x, y, w, b):
    rows = []
    for xi, yi in DataLoader(TensorDataset(x, y), batch_size=1):
        error = w * xi + b - yi
        rows.append(torch.cat([2 * error * xi, 2 * error]))
    return torch.stack(rows)


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    W = torch.tensor(w, requires_grad=True)
    B = torch.tensor(b, requires_grad=True)
    loader = DataLoader(Subset(TensorDataset(x, y), order), batch_size=batch_size, shuffle=False)
    total = 0.0
    for xb, yb in loader:
        squared = (W * xb + B - yb) ** 2
        total += squared.sum().item()
        squared.mean().backward()
        with torch.no_grad():
            W -= lr * W.grad
            B -= lr * B.grad
        W.grad = B.grad = None
    return W.item(), B.item(), total / len(order)


def minibatch_gradient_variance(grads, batch_size):
    distances = []
    for batch in itertools.combinations(grads, batch_size):
        distances.append((sum(batch) / batch_size - grads.mean(0)).norm() ** 2)
    return (sum(distances) / len(distances)).item()
