# right: generators and lambdas; a list of the three slopes.
from itertools import product

import torch


def _places(theta):
    yield from product(*[range(size) for size in theta.shape])


def _moved(theta, place, amount):
    mask = torch.zeros(theta.shape, dtype=torch.bool)
    mask[place] = True
    return torch.where(mask, theta + amount, theta)


def numerical_gradient(f, theta, h=1e-5):
    slopes = ((f(_moved(theta, p, h)) - f(_moved(theta, p, -h))) / (2 * h) for p in _places(theta))
    return torch.tensor(list(slopes), dtype=theta.dtype).view_as(theta)


relative_error = lambda a, n: max(  # noqa: E731
    (abs(p - q) / (max(1e-12, abs(p) + abs(q))) for p, q in zip(a.flatten().tolist(), n.flatten().tolist())),
)


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta), numerical_gradient(f, theta, h)
    error_at = lambda p: (abs(a[p] - n[p]) / max(1e-12, abs(a[p]) + abs(n[p]))).item()  # noqa: E731
    errors = [(error_at(p), p) for p in _places(theta)]
    if any(e != e for e, _ in errors):
        return {"error": float("nan"), "worst_index": next(list(p) for e, p in errors if e != e), "ok": False}
    error, place = max(errors)
    return {"error": error, "worst_index": list(place), "ok": error <= tol}


def quadratic_gradients(x, y, w2, w1, b):
    error = torch.sub(w2 * x**2 + w1 * x + b, y)
    return [2 * torch.mean(error * factor) for factor in (x**2, x, torch.ones(len(x)))]
