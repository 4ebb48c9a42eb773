# right: theta is moved along the rows of an identity matrix, and the errors are sorted.
import torch


def numerical_gradient(f, theta, h=1e-5):
    basis = torch.eye(theta.numel(), dtype=theta.dtype)
    slopes = [
        (f(theta + h * e.reshape(theta.shape)) - f(theta - h * e.reshape(theta.shape))) / (2 * h) for e in basis
    ]
    return torch.tensor(slopes, dtype=theta.dtype).reshape(theta.shape)


def _errors(a, n):
    return torch.div((a - n).abs(), torch.max(a.abs() + n.abs(), torch.full_like(a, 1e-12)))


def relative_error(a, n):
    return _errors(a, n).flatten().sort(descending=True).values[0].item()


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    errors = _errors(grad_f(theta), numerical_gradient(f, theta, h))
    ordered, order = errors.flatten().sort(descending=True)
    index = [t.item() for t in torch.unravel_index(order[0], theta.shape)]
    error = ordered[0].item()
    ok = not errors.isnan().any().item() and error <= tol
    return {"ok": ok, "worst_index": index, "error": error}


def quadratic_gradients(x, y, w2, w1, b):
    powers = torch.stack([x**2, x, x**0])
    residual = torch.tensor([w2, w1, b]) @ powers - y
    return tuple((2 * powers @ residual / x.numel()).tolist())
