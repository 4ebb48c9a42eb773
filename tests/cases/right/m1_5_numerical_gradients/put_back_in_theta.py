# right: theta itself is moved and the old value assigned again, so that not a bit of it has changed.
import numpy as np
import torch


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.zeros_like(theta)
    for idx in np.ndindex(*theta.shape):
        old = theta[idx].item()
        theta[idx] = old + h
        fxph = f(theta)
        theta[idx] = old - h
        fxmh = f(theta)
        theta[idx] = old
        grad[idx] = (fxph - fxmh) / (2 * h)
    return grad


def relative_error(a, n):
    """Both are compared in float64, and a guard is added."""
    p, q = a.to(torch.float64), n.to(torch.float64)
    return (torch.abs(p - q) / (torch.abs(p) + torch.abs(q) + 1e-12)).max().item()


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    grad, num = grad_f(theta), numerical_gradient(f, theta, h)
    rel = torch.abs(grad - num) / (torch.abs(grad) + torch.abs(num) + 1e-12)
    i = rel.view(-1).argmax()
    index = np.unravel_index(int(i), tuple(theta.shape)) if theta.ndim else ()
    return {"error": rel.view(-1)[i].item(), "worst_index": np.array(index, dtype=int).tolist(), "ok": rel.max().item() <= tol}


def quadratic_gradients(x, y, w2, w1, b):
    y_hat = w2 * torch.square(x) + w1 * x + b
    d_loss = 2.0 * (y_hat - y) / y.numel()
    return torch.dot(d_loss, x**2).item(), torch.dot(d_loss, x).item(), torch.sum(d_loss).item()
