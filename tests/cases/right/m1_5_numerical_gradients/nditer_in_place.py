# right: NumPy's iterator with multi_index moves a copy in place and puts it back.
import numpy as np
import torch


def numerical_gradient(f, theta, h=1e-5):
    x = theta.detach().numpy().copy()
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        above = f(torch.from_numpy(x))
        x[ix] = old - h
        below = f(torch.from_numpy(x))
        x[ix] = old
        grad[ix] = (above - below) / (2 * h)
        it.iternext()
    return torch.from_numpy(grad)


def relative_error(a, n):
    x, y = a.numpy(), n.numpy()
    return np.max(np.abs(x - y) / (np.maximum(1e-12, np.abs(x) + np.abs(y))))


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta).numpy(), numerical_gradient(f, theta, h).numpy()
    err = np.abs(a - n) / np.maximum(1e-12, np.abs(a) + np.abs(n))
    at = np.unravel_index(np.argmax(err), err.shape)
    return dict(error=err.max(), worst_index=list(at), ok=err.max() <= tol)


def quadratic_gradients(x, y, w2, w1, b):
    X = np.vander(x.numpy(), 3)
    e = X @ np.array([w2, w1, b]) - y.numpy()
    return tuple(2 * X.T @ e / len(e))
