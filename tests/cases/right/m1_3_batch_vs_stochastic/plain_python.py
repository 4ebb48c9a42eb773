# right: lists and floats inside, one point after the other.
import torch


def split_batches(order, batch_size):
    batches = []
    for position, index in enumerate(order):
        if position % batch_size == 0:
            batches.append([])
        batches[-1].append(index)
    return batches


def per_sample_gradients(x, y, w, b):
    rows = []
    for xi, yi in zip(x.tolist(), y.tolist()):
        difference = yi - (w * xi + b)
        rows.append((-2 * xi * difference, -2 * difference))
    return torch.tensor(rows)


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    xs, ys = x.tolist(), y.tolist()
    squared = []
    start = 0
    while start < len(order):
        batch = order[start : start + batch_size]
        dw = db = 0.0
        for i in batch:
            error = w * xs[i] + b - ys[i]
            squared.append(error**2)
            dw += 2 * error * xs[i] / len(batch)
            db += 2 * error / len(batch)
        w -= lr * dw
        b -= lr * db
        start += batch_size
    return w, b, sum(squared) / len(squared)


def minibatch_gradient_variance(grads, batch_size):
    rows = grads.tolist()
    n = len(rows)
    # Of all pairs of points: half the mean squared distance of two different ones is their sample variance.
    pairs = [(p, q) for i, p in enumerate(rows) for q in rows[:i]]
    spread = sum((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 for p, q in pairs) / n / (n - 1)
    return spread * (1 / batch_size - 1 / n)
