# right: NumPy throughout, in the float32 of the data.
import numpy as np
import torch


def split_batches(order, batch_size):
    cuts = np.arange(batch_size, len(order), batch_size)
    return [part.tolist() for part in np.split(np.array(order, dtype=int), cuts) if len(part)]


def per_sample_gradients(x, y, w, b):
    x, y = x.numpy(), y.numpy()
    error = np.float32(w) * x + np.float32(b) - y
    return torch.from_numpy(2 * np.stack([error * x, error], axis=-1))


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    x, y, order = x.numpy(), y.numpy(), np.asarray(order)
    losses = np.zeros_like(y)
    for i in range(int(np.ceil(len(order) / batch_size))):
        index = order[i * batch_size : (i + 1) * batch_size]
        error = w * x[index] + b - y[index]
        losses[index] = error**2
        w = w - lr * np.mean(2 * error * x[index])
        b = b - lr * np.mean(2 * error)
    return w, b, losses.mean()


def minibatch_gradient_variance(grads, batch_size):
    g = grads.numpy()
    n = len(g)
    return g.var(axis=0).sum() * (n - batch_size) / (batch_size * (n - 1))
