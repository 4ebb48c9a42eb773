# wrong: the guard 1e-6 stands in the denominator.
# status: wrong
# mistake: guard_too_large
import torch


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta), numerical_gradient(f, theta, h)
    err = (a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-6)
    at = torch.unravel_index(err.argmax(), err.shape)
    return {"error": err.max().item(), "worst_index": [int(k) for k in at], "ok": bool((err <= tol).all())}
