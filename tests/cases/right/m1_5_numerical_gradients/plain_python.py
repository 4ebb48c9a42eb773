# right: plain Python numbers, one entry after the other.
import torch


def numerical_gradient(f, theta, h=1e-5):
    values = theta.flatten().tolist()
    slopes = []
    for i in range(len(values)):
        up = values[:i] + [values[i] + h] + values[i + 1 :]
        down = values[:i] + [values[i] - h] + values[i + 1 :]
        f_up = f(torch.tensor(up, dtype=theta.dtype).reshape(theta.shape))
        f_down = f(torch.tensor(down, dtype=theta.dtype).reshape(theta.shape))
        slopes.append((f_up - f_down) / (2 * h))
    return torch.tensor(slopes, dtype=theta.dtype).reshape(theta.shape)


def relative_error(a, n):
    worst = 0.0
    for left, right in zip(a.reshape(-1).tolist(), n.reshape(-1).tolist()):
        worst = max(worst, abs(left - right) / max(abs(left) + abs(right), 1e-12))
    return worst


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    analytic = grad_f(theta).flatten().tolist()
    numeric = numerical_gradient(f, theta, h).flatten().tolist()
    worst, at = -1.0, 0
    for k, (left, right) in enumerate(zip(analytic, numeric)):
        error = abs(left - right) / max(abs(left) + abs(right), 1e-12)
        if error != error:
            worst, at = error, k
            break
        if error > worst:
            worst, at = error, k
    place = []
    for size in reversed(theta.shape):
        place.append(at % size)
        at //= size
    return {"error": worst, "worst_index": place[::-1], "ok": worst <= tol}


def quadratic_gradients(x, y, w2, w1, b):
    g2 = g1 = g0 = 0.0
    for xi, yi in zip(x.tolist(), y.tolist()):
        r = w2 * xi * xi + w1 * xi + b - yi
        g2 += r * xi * xi
        g1 += r * xi
        g0 += r
    n = len(x)
    return 2 * g2 / n, 2 * g1 / n, 2 * g0 / n
