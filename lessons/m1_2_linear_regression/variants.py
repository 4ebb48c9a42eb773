"""Right answers of lesson 1.2 in other styles. Each docstring names the style."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

# mse_gradients


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    return float(((w * x + b - y) ** 2).mean())


def mse_gradients__loop(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """A loop over the points, in plain Python."""
    grad_w, grad_b = 0.0, 0.0
    for point, target in zip(x.tolist(), y.tolist(), strict=True):
        error = w * point + b - target
        grad_w += 2 * error * point / len(x)
        grad_b += 2 * error / len(x)
    return grad_w, grad_b


def mse_gradients__autograd(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """PyTorch differentiates, and the parameters are float32."""
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    loss: Tensor = ((weight * x + bias - y) ** 2).mean()
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    return weight.grad.item(), bias.grad.item()


def mse_gradients__func_grad(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """The gradient as a function of the parameters, by torch.func."""

    def loss(theta: Tensor) -> Tensor:
        return torch.nn.functional.mse_loss(theta[0] * x + theta[1], y)

    gradient: Tensor = torch.func.grad(loss)(torch.tensor([w, b], dtype=x.dtype))
    return gradient[0].item(), gradient[1].item()


def mse_gradients__float32(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Everything is float32 inside."""
    x, y = x.float(), y.float()
    error = w * x + b - y
    return float((2 * error * x).sum() / len(x)), float((2 * error).sum() / len(x))


def mse_gradients__numpy(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """NumPy inside."""
    points = x.numpy()
    error = w * points + b - y.numpy()
    return float(2 * np.mean(error * points)), float(2 * np.mean(error))


def mse_gradients__one_tensor(x: Tensor, y: Tensor, w: float, b: float) -> Any:
    """Both slopes come in one tensor."""
    error = y - (w * x + b)
    return torch.stack([-2 * (error * x).mean(), -2 * error.mean()])


def mse_gradients__moments(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Multiplied out: five means of the data, and no errors at all."""
    mean_x, mean_y, mean_xx, mean_xy = x.mean(), y.mean(), (x * x).mean(), (x * y).mean()
    return 2 * float(w * mean_xx + b * mean_x - mean_xy), 2 * float(w * mean_x + b - mean_y)


def mse_gradients__central_difference(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Differences of losses, which are exact for a parabola."""
    return (
        (_loss(x, y, w + 1, b) - _loss(x, y, w - 1, b)) / 2,
        (_loss(x, y, w, b + 1) - _loss(x, y, w, b - 1)) / 2,
    )


# gradient_step


def gradient_step__one_expression(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """The slopes stand where they are subtracted."""
    error = w * x + b - y
    return w - lr * 2 * float((error * x).mean()), b - lr * 2 * float(error.mean())


def gradient_step__autograd_in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Any:
    """The loop of PyTorch: backward, then a change in place, and tensors without dimensions are returned."""
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    loss: Tensor = ((weight * x + bias - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        assert weight.grad is not None
        assert bias.grad is not None
        weight -= lr * weight.grad
        bias -= lr * bias.grad
    return weight.detach(), bias.detach()


def gradient_step__sgd(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """torch.optim.SGD makes the step."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    loss: Tensor = torch.nn.functional.mse_loss(theta[0] * x + theta[1], y)
    loss.backward()
    optimizer.step()
    return theta[0].item(), theta[1].item()


def gradient_step__vector(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Any:
    """Both parameters in one vector, by a column of ones; the result is one tensor."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    theta = torch.tensor([w, b], dtype=x.dtype)
    return theta - lr * 2 / len(x) * (X.T @ (X @ theta - y))


def gradient_step__list(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Any:
    """A list is returned, and the error is y minus the prediction."""
    error = y - (w * x + b)
    return [w + lr * 2 * (error * x).mean().item(), b + lr * 2 * error.mean().item()]


# mse_gradients_matrix


def mse_gradients_matrix__loops(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Two loops, over the samples and over the features."""
    grad_w, grad_b = [0.0] * len(w), 0.0
    for sample, target in zip(X.tolist(), y.tolist(), strict=True):
        error = sum(value * weight for value, weight in zip(sample, w.tolist(), strict=True)) + b - target
        for j, value in enumerate(sample):
            grad_w[j] += 2 * error * value / len(y)
        grad_b += 2 * error / len(y)
    return torch.tensor(grad_w), grad_b


def mse_gradients_matrix__mean_over_samples(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Every input times its error, and the mean over the samples."""
    error = X @ w + b - y
    return (2 * error[:, None] * X).mean(dim=0), float(2 * error.mean())


def mse_gradients_matrix__errors_first(X: Tensor, y: Tensor, w: Tensor, b: float) -> Any:
    """The errors stand on the left of X, and the slope along b is a tensor without dimensions."""
    error = X.matmul(w).add(b).sub(y)
    return error @ X * (2 / X.shape[0]), error.mean() * 2


def mse_gradients_matrix__autograd(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """PyTorch differentiates."""
    weights, bias = w.clone().requires_grad_(), torch.tensor(b, dtype=X.dtype, requires_grad=True)
    grad_w, grad_b = torch.autograd.grad(((X @ weights + bias - y) ** 2).mean(), (weights, bias))
    return grad_w, grad_b.item()


def mse_gradients_matrix__column_of_ones(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """The bias is the last weight."""
    wide = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    theta = torch.cat([w, torch.tensor([b], dtype=w.dtype)])
    gradient = 2 * wide.T @ (wide @ theta - y) / len(y)
    return gradient[:-1], gradient[-1].item()


def mse_gradients_matrix__columns_and_squeeze(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Everything is a column until the end."""
    error = X @ w.reshape(-1, 1) + b - y.reshape(-1, 1)
    return (2 / len(y) * X.T @ error).flatten(), 2 * error.mean().item()


def mse_gradients_matrix__float32(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Everything is float32 inside, and the slopes stay float32."""
    error = torch.einsum("nd,d->n", X.float(), w.float()) + b - y.float()
    return 2 * torch.einsum("nd,n->d", X.float(), error) / len(y), 2 * error.mean().item()


# largest_stable_lr


def largest_stable_lr__formula(x: Tensor) -> float:
    """The quadratic equation is solved by hand."""
    mean_x, mean_x2 = float(x.mean()), float((x * x).mean())
    return 2 / (mean_x2 + 1 + math.sqrt((mean_x2 - 1) ** 2 + 4 * mean_x**2))


def largest_stable_lr__float32(x: Tensor) -> float:
    """The Hessian is float32, as torch.tensor makes it of floats."""
    mean_x, mean_x2 = x.mean().item(), (x**2).mean().item()
    hessian = torch.tensor([[2 * mean_x2, 2 * mean_x], [2 * mean_x, 2.0]])
    largest: Tensor = torch.linalg.eigvalsh(hessian).max()
    return 2 / largest.item()


def largest_stable_lr__gram(x: Tensor) -> Any:
    """The Hessian as 2/N times the inputs with a column of ones; a tensor without dimensions is returned."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    return 2 / torch.linalg.eigvalsh(2 * X.T @ X / len(x))[-1]


def largest_stable_lr__general_eigenvalues(x: Tensor) -> float:
    """Eigenvalues of any square matrix, which are complex numbers."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    eigenvalues: Tensor = torch.linalg.eigvals(2 * X.T @ X / len(x))
    return 2 / eigenvalues.real.max().item()


def largest_stable_lr__singular_value(x: Tensor) -> float:
    """The largest singular value of the inputs, squared."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    longest: Tensor = torch.linalg.matrix_norm(X, ord=2)
    return len(x) / longest.item() ** 2


def largest_stable_lr__hessian_by_autograd(x: Tensor) -> float:
    """PyTorch differentiates twice; the Hessian is the same at any (w, b) and for any y."""

    def loss(theta: Tensor) -> Tensor:
        return ((theta[0] * x + theta[1]) ** 2).mean()

    hessian: Tensor = torch.func.hessian(loss)(torch.zeros(2, dtype=x.dtype))
    largest: Tensor = torch.linalg.eigvalsh(hessian)[-1]
    return 2 / largest.item()


def largest_stable_lr__numpy(x: Tensor) -> float:
    """NumPy inside."""
    points = x.numpy()
    hessian = 2 * np.array([[np.mean(points**2), np.mean(points)], [np.mean(points), 1]])
    return float(2 / np.linalg.eigvalsh(hessian)[-1])
