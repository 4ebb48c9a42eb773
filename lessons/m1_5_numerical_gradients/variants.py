"""Right answers of lesson 1.5 in other styles than the solution's. Each docstring names the style."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

Function = Callable[[Tensor], float]
Gradient = Callable[[Tensor], Tensor]

# numerical_gradient


def numerical_gradient__flat_view(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """A flat view into one clone: an entry is moved up, down, and put back."""
    point, gradient = theta.clone(), torch.zeros_like(theta)
    entries, slopes = point.view(-1), gradient.view(-1)
    for i in range(len(entries)):
        kept = entries[i].item()
        entries[i] = kept + h
        above = f(point)
        entries[i] = kept - h
        slopes[i] = (above - f(point)) / (2 * h)
        entries[i] = kept
    return gradient


def numerical_gradient__in_place_and_back(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Without a copy: theta itself is moved, and put back before the function returns."""
    gradient = torch.zeros_like(theta)
    for index in itertools.product(*map(range, theta.shape)):
        kept = theta[index].item()
        theta[index] = kept + h
        above = f(theta)
        theta[index] = kept - h
        below = f(theta)
        theta[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def numerical_gradient__unit_directions(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """The rows of an identity matrix are the directions in which theta is moved."""
    directions = torch.eye(theta.numel(), dtype=theta.dtype).view(-1, *theta.shape)
    slopes = [(f(theta + h * d) - f(theta - h * d)) / (2 * h) for d in directions]
    return torch.tensor(slopes, dtype=theta.dtype).view(theta.shape)


def numerical_gradient__way_as_stored(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Divided by the way between the two points as they are stored, after rounding."""
    slopes = []
    for i in range(theta.numel()):
        above, below = theta.clone(), theta.clone()
        above.view(-1)[i] += h
        below.view(-1)[i] -= h
        way = above.view(-1)[i].item() - below.view(-1)[i].item()
        slopes.append((f(above) - f(below)) / way)
    return torch.tensor(slopes, dtype=theta.dtype).reshape(theta.shape)


def numerical_gradient__float32_result(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """The slopes are computed in float64 and collected in a tensor of the default dtype, float32."""
    gradient = torch.zeros(theta.shape)
    for index in itertools.product(*[range(size) for size in theta.shape]):
        step = torch.zeros_like(theta)
        step[index] = h
        gradient[index] = (f(theta + step) - f(theta - step)) / 2 / h
    return gradient


def numerical_gradient__numpy(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """NumPy finds the places, and its arrays hold the points."""
    start = theta.numpy()
    gradient = np.zeros_like(start)
    for index in np.ndindex(*start.shape):
        above, below = start.copy(), start.copy()
        above[index] += h
        below[index] -= h
        gradient[index] = (f(torch.from_numpy(above)) - f(torch.from_numpy(below))) / (2 * h)
    return torch.from_numpy(gradient)


def numerical_gradient__mean_of_both_sides(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """The mean of a forward and a backward difference, which is the central one."""
    here, gradient = f(theta), torch.empty_like(theta)
    for index in itertools.product(*map(range, theta.shape)):
        step = torch.zeros_like(theta)
        step[index] = h
        forward, backward = (f(theta + step) - here) / h, (here - f(theta - step)) / h
        gradient[index] = (forward + backward) / 2
    return gradient


# relative_error


def relative_error__loop(a: Tensor, n: Tensor) -> float:
    """Plain Python, one entry after the other."""
    worst = 0.0
    for p, q in zip(a.flatten().tolist(), n.flatten().tolist(), strict=True):
        worst = max(worst, abs(p - q) / max(1e-12, abs(p) + abs(q)))
    return worst


def relative_error__where(a: Tensor, n: Tensor) -> float:
    """The zeros are replaced afterwards, where both entries are 0."""
    size = a.abs() + n.abs()
    return float(torch.where(size == 0, 0.0, (a - n).abs() / size).max())


def relative_error__added_guard(a: Tensor, n: Tensor) -> float:
    """The guard is added to the denominator instead of being its least value."""
    return float(torch.max((a - n).abs() / (a.abs() + n.abs() + 1e-12)))


def relative_error__float32(a: Tensor, n: Tensor) -> float:
    """Computed in float32."""
    p, q = a.float(), n.float()
    return float(((p - q).abs() / torch.clamp(p.abs() + q.abs(), min=1e-12)).max())


def relative_error__numpy(a: Tensor, n: Tensor) -> float:
    """NumPy inside."""
    p, q = a.numpy(), n.numpy()
    return float(np.max(np.abs(p - q) / np.maximum(1e-12, np.abs(p) + np.abs(q))))


def relative_error__tensor(a: Tensor, n: Tensor) -> Tensor:
    """A tensor without dimensions where a float is asked."""
    return ((a - n).abs() / torch.maximum(a.abs() + n.abs(), torch.tensor(1e-12))).max()


# gradient_check


def _numeric(f: Function, theta: Tensor, h: float) -> Tensor:
    return numerical_gradient__flat_view(f, theta, h)


def gradient_check__argmax_and_divmod(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """The flat place of the largest error is taken apart by divmod, from the last dimension to the first."""
    a, n = grad_f(theta), _numeric(f, theta, h)
    errors = (a - n).abs() / (a.abs() + n.abs()).clamp_min(1e-12)
    flat, error = int(errors.argmax()), errors.max().item()
    index: list[int] = []
    for size in reversed(theta.shape):
        flat, place = divmod(flat, size)
        index.insert(0, place)
    return {"ok": error <= tol, "worst_index": index, "error": error}


def gradient_check__loop(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """A loop that remembers the worst entry so far, with a test for nan of its own."""
    a, n = grad_f(theta), _numeric(f, theta, h)
    worst, place = -1.0, None
    for index in itertools.product(*map(range, theta.shape)):
        p, q = a[index].item(), n[index].item()
        error = abs(p - q) / max(1e-12, abs(p) + abs(q))
        if error != error:  # noqa: PLR0124  nan alone differs from itself
            return {"ok": False, "worst_index": list(index), "error": error}
        if error > worst:
            worst, place = error, index
    assert place is not None
    return {"ok": worst <= tol, "worst_index": list(place), "error": worst}


def gradient_check__tensors_and_tuple(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Tensors without dimensions for "ok" and "error", and a tuple for the place."""
    a, n = grad_f(theta), _numeric(f, theta, h)
    errors = (a - n).abs() / (a.abs() + n.abs() + 1e-12)
    error = errors.max()
    places = (errors == error).nonzero()
    place = tuple(places[0].tolist()) if len(places) else (0,) * theta.ndim
    return {"ok": error <= tol, "worst_index": place, "error": error}


def gradient_check__numpy(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """NumPy's unravel_index finds the place."""
    a, n = grad_f(theta).numpy(), _numeric(f, theta, h).numpy()
    errors = np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-12)
    index = np.unravel_index(np.argmax(errors), errors.shape)
    return {"ok": bool(errors.max() <= tol), "worst_index": [int(i) for i in index], "error": float(errors.max())}


# quadratic_gradients


def quadratic_gradients__autograd(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """PyTorch differentiates, with parameters in float32."""
    p2, p1, p0 = (torch.tensor(value, requires_grad=True) for value in (w2, w1, b))
    loss = ((p2 * x**2 + p1 * x + p0 - y) ** 2).mean()
    loss.backward()
    assert p2.grad is not None
    assert p1.grad is not None
    assert p0.grad is not None
    return p2.grad.item(), p1.grad.item(), p0.grad.item()


def quadratic_gradients__matrix(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Tensor:
    """A matrix with the columns x**2, x and 1, and one product; the slopes as one tensor."""
    X = torch.stack([x**2, x, torch.ones_like(x)], dim=1)
    errors = X @ torch.tensor([w2, w1, b], dtype=x.dtype) - y
    return 2 / len(x) * X.T @ errors


def quadratic_gradients__loop(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Plain Python, one point after the other."""
    along_w2 = along_w1 = along_b = 0.0
    for p, q in zip(x.tolist(), y.tolist(), strict=True):
        error = w2 * p * p + w1 * p + b - q
        along_w2 += 2 * error * p * p / len(x)
        along_w1 += 2 * error * p / len(x)
        along_b += 2 * error / len(x)
    return along_w2, along_w1, along_b


def quadratic_gradients__y_minus_prediction(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The error the other way round with its minus sign; tensors without dimensions where floats are asked."""
    error = y - (w2 * x**2 + w1 * x + b)
    return (-2 * error * x**2).mean(), (-2 * error * x).mean(), (-2 * error).mean()


def quadratic_gradients__central_differences(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """Numerical after all: the loss is quadratic, so a central difference with h = 1 is exact."""

    def loss(w2: float, w1: float, b: float) -> float:
        return ((w2 * x**2 + w1 * x + b - y) ** 2).mean().item()

    return (
        (loss(w2 + 1, w1, b) - loss(w2 - 1, w1, b)) / 2,
        (loss(w2, w1 + 1, b) - loss(w2, w1 - 1, b)) / 2,
        (loss(w2, w1, b + 1) - loss(w2, w1, b - 1)) / 2,
    )
