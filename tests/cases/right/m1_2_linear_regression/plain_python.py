# right: lists and floats inside, with the quadratic equation for the eigenvalue.
from math import sqrt

import torch


def mse_gradients(x, y, w, b):
    xs, ys = x.tolist(), y.tolist()
    dw = db = 0.0
    for xi, yi in zip(xs, ys):
        residual = yi - (w * xi + b)
        dw -= 2 * xi * residual
        db -= 2 * residual
    return dw / len(xs), db / len(xs)


def gradient_step(x, y, w, b, lr):
    xs, ys = x.tolist(), y.tolist()
    n = float(len(xs))
    gradient_w = sum(-(2 / n) * xs[i] * (ys[i] - (w * xs[i] + b)) for i in range(len(xs)))
    gradient_b = sum(-(2 / n) * (ys[i] - (w * xs[i] + b)) for i in range(len(xs)))
    return [w - lr * gradient_w, b - lr * gradient_b]


def mse_gradients_matrix(X, y, w, b):
    rows, targets, weights = X.tolist(), y.tolist(), w.tolist()
    n, d = len(rows), len(weights)
    gradients, bias = [0.0] * d, 0.0
    for i in range(n):
        error = sum(rows[i][j] * weights[j] for j in range(d)) + b - targets[i]
        bias += 2 * error / n
        for j in range(d):
            gradients[j] += 2 * error * rows[i][j] / n
    return torch.tensor(gradients), bias


def largest_stable_lr(x):
    xs = x.tolist()
    a, c = sum(v * v for v in xs) / len(xs) * 2, sum(xs) / len(xs) * 2
    trace, determinant = a + 2, 2 * a - c * c
    return 2 / ((trace + sqrt(trace**2 - 4 * determinant)) / 2)
