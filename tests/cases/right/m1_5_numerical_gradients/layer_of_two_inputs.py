# right: the slopes of the parabola by a layer nn.Linear(2, 1), which is float32.
import itertools

import torch
from torch import nn


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.empty_like(theta)
    for idx in itertools.product(*(range(n) for n in theta.size())):
        shift = torch.zeros_like(theta)
        shift[idx] = h
        grad[idx] = (f(theta + shift) - f(theta - shift)) / h / 2
    return grad


def relative_error(a, n):
    return torch.linalg.vector_norm((a - n) / torch.clamp(a.abs() + n.abs(), 1e-12), ord=float("inf")).item()


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta), numerical_gradient(f, theta, h)
    best = {"error": -1.0, "worst_index": []}
    for idx in itertools.product(*(range(k) for k in theta.size())):
        error = relative_error(a[idx], n[idx])
        if not error <= best["error"]:
            best = {"error": error, "worst_index": list(idx)}
        if error != error:
            break
    return best | {"ok": best["error"] <= tol}


def quadratic_gradients(x, y, w2, w1, b):
    net = nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[w2, w1]]))
        net.bias.fill_(b)
    loss = nn.functional.mse_loss(net(torch.column_stack([x**2, x])), y.unsqueeze(1))
    loss.backward()
    (along_w2, along_w1), along_b = net.weight.grad[0].tolist(), net.bias.grad.item()
    return along_w2, along_w1, along_b
