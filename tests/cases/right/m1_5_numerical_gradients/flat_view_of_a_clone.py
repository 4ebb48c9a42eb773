# right: the flat view of one clone is moved entry by entry; results are tensors without dimensions.
import torch


def numerical_gradient(f, theta, h=1e-5):
    work = theta.clone()
    flat = work.view(-1)
    grad = torch.zeros_like(theta)
    out = grad.view(-1)
    for i in range(flat.numel()):
        keep = flat[i].item()
        flat[i] = keep + h
        up = f(work)
        flat[i] = keep - h
        down = f(work)
        flat[i] = keep
        out[i] = (up - down) / (2 * h)
    return grad


@torch.no_grad()
def relative_error(a, n, eps=1e-12):
    top = (a - n).abs()
    bottom = (a.abs() + n.abs()).clamp(min=eps)
    return (top / bottom).max()


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta), numerical_gradient(f, theta, h)
    err = (a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-12)
    where = torch.unravel_index(err.argmax(), err.shape)
    return {"error": err.max(), "worst_index": list(where), "ok": torch.all(err <= tol)}


def quadratic_gradients(x, y, w2, w1, b):
    p = torch.tensor([w2, w1, b], requires_grad=True)
    ((p[0] * x**2 + p[1] * x + p[2] - y) ** 2).mean().backward()
    return tuple(p.grad)
