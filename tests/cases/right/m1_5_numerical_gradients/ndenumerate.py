# right: np.ndenumerate finds the places, deepcopy makes the points, einsum takes the means.
import copy

import numpy as np
import torch


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.zeros_like(theta)
    for where, _ in np.ndenumerate(theta.numpy()):
        up, down = copy.deepcopy(theta), copy.deepcopy(theta)
        up[where] += h
        down[where] -= h
        grad[where] = (f(up) - f(down)) / (2 * h)
    return grad


def relative_error(a, n):
    pairs = np.stack([a.numpy().ravel(), n.numpy().ravel()])
    size = np.abs(pairs).sum(axis=0)
    return float((np.abs(pairs[0] - pairs[1]) / np.where(size < 1e-12, 1e-12, size)).max())


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta).numpy(), numerical_gradient(f, theta, h).numpy()
    size = np.abs(a) + np.abs(n)
    errors = np.abs(a - n) / np.where(size < 1e-12, 1e-12, size)
    error = errors.max()
    place = [] if errors.ndim == 0 else [int(i) for i in np.argwhere((errors == error) | np.isnan(errors))[0]]
    return {"error": float(error), "worst_index": place, "ok": bool(error <= tol)}


def quadratic_gradients(x, y, w2, w1, b):
    e = w2 * x * x + w1 * x + b - y
    count = x.shape[0]
    return (
        2 / count * torch.einsum("i,i,i->", e, x, x).item(),
        2 / count * torch.einsum("i,i->", e, x).item(),
        2 / count * torch.einsum("i->", e).item(),
    )
