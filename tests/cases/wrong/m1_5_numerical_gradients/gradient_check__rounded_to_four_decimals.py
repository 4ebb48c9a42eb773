# wrong: rounds the error to four decimals.
# status: wrong
# mistake: rounded_to_4
import torch


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta), numerical_gradient(f, theta, h)
    err = (a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-12)
    at = torch.unravel_index(err.argmax(), err.shape)
    return {"error": round(err.max().item(), 4), "worst_index": [int(k) for k in at], "ok": bool((err <= tol).all())}
