# right: a recursion over the dimensions, and the sums of the parabola multiplied out.
import torch


def numerical_gradient(f, theta, h=1e-5):
    point = theta.clone()

    def along(part):
        if part.dim() == 0:
            here = part.item()
            part.fill_(here + h)
            above = f(point)
            part.fill_(here - h)
            below = f(point)
            part.fill_(here)
            return torch.tensor((above - below) / (2 * h), dtype=theta.dtype)
        return torch.stack([along(piece) for piece in part])

    return along(point)


def relative_error(a, n):
    if a.dim() > 0:
        return max(relative_error(left, right) for left, right in zip(a, n))
    return (abs(a - n) / max(abs(a) + abs(n), torch.tensor(1e-12))).item()


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    def worst(a, n):
        if a.dim() == 0:
            return relative_error(a, n), []
        found = [(*worst(left, right), i) for i, (left, right) in enumerate(zip(a, n))]
        error, rest, i = max(found, key=lambda each: float("inf") if each[0] != each[0] else each[0])
        return error, [i, *rest]

    error, place = worst(grad_f(theta), numerical_gradient(f, theta, h))
    return {"error": error, "worst_index": place, "ok": error <= tol}


def quadratic_gradients(x, y, w2, w1, b):
    m = [torch.mean(x**k).item() for k in range(5)]
    t = [torch.mean(y * x**k).item() for k in range(3)]
    return (
        2 * (w2 * m[4] + w1 * m[3] + b * m[2] - t[2]),
        2 * (w2 * m[3] + w1 * m[2] + b * m[1] - t[1]),
        2 * (w2 * m[2] + w1 * m[1] + b - t[0]),
    )
