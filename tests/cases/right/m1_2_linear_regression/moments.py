# right: multiplied out into means of the data, in float32, with no errors at all.
import torch


def mse_gradients(x, y, w, b):
    mx, my, mxx, mxy = x.mean(), y.mean(), x.square().mean(), (x * y).mean()
    return 2 * (w * mxx + b * mx - mxy), 2 * (w * mx + b - my)


def gradient_step(x, y, w, b, lr):
    mx, my, mxx, mxy = (v.mean().item() for v in (x, y, x * x, x * y))
    return w - 2 * lr * (w * mxx + b * mx - mxy), b - 2 * lr * (w * mx + b - my)


def mse_gradients_matrix(X, y, w, b):
    n = X.size(0)
    gram, sums = X.T @ X, X.sum(0)
    return 2 / n * (gram @ w + b * sums - X.T @ y), (2 / n * (sums @ w + n * b - y.sum())).item()


def largest_stable_lr(x):
    # The largest eigenvalue is the largest value of a quadratic form on the unit circle.
    p, m = x.square().mean().double(), x.mean().double()
    angle = torch.atan2(2 * m, p - 1) / 2
    form = p * angle.cos() ** 2 + 2 * m * angle.sin() * angle.cos() + angle.sin() ** 2
    return 1 / form.item()
