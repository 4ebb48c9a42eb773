# right: the first batch, and then the rest in the same way.
import torch


def split_batches(order, batch_size):
    if not order:
        return []
    return [order[:batch_size]] + split_batches(order[batch_size:], batch_size)


def per_sample_gradients(x, y, w, b):
    if len(x) == 1:
        error = 2 * (w * x + b - y)
        return torch.stack([error * x, error], dim=1)
    half = len(x) // 2
    return torch.cat([per_sample_gradients(x[:half], y[:half], w, b), per_sample_gradients(x[half:], y[half:], w, b)])


def rest_of_epoch(x, y, w, b, lr, batches):
    if not batches:
        return w, b, 0.0
    now, *later = batches
    gradients = per_sample_gradients(x[now], y[now], w, b)
    squares = ((w * x[now] + b - y[now]) ** 2).sum().item()
    dw, db = gradients.mean(dim=0).tolist()
    w, b, total = rest_of_epoch(x, y, w - lr * dw, b - lr * db, lr, later)
    return w, b, total + squares


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    w, b, total = rest_of_epoch(x, y, w, b, lr, split_batches(order, batch_size))
    return w, b, total / len(x)


def minibatch_gradient_variance(grads, batch_size):
    # The mean over all batches, by taking or leaving the first point.
    n = len(grads)
    mean = grads.mean(0)

    def distances(i, chosen):
        if len(chosen) == batch_size:
            return [(grads[chosen].mean(0) - mean).square().sum().item()]
        if n - i < batch_size - len(chosen):
            return []
        return distances(i + 1, [*chosen, i]) + distances(i + 1, chosen)

    found = distances(0, [])
    return sum(found) / len(found)
