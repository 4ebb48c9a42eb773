"""Right answers of lesson 1.1 in other styles: each must get full points."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

# best_constant


def best_constant__loop(y: Tensor) -> tuple[float, float]:
    """Plain Python, one target after the other."""
    total = 0.0
    for target in y.tolist():
        total += target
    c = total / len(y)
    loss = 0.0
    for target in y.tolist():
        loss += (target - c) ** 2
    return c, loss / len(y)


def best_constant__moments(y: Tensor) -> tuple[float, float]:
    """The mean of the squares minus the square of the mean."""
    return y.mean().item(), (y.square().mean() - y.mean() ** 2).item()


def best_constant__var(y: Tensor) -> tuple[float, float]:
    """torch.var_mean, told to divide by N, and the two tensors returned as they are."""
    variance, mean = torch.var_mean(y, correction=0)
    return mean, variance  # type: ignore[return-value]  # numbers without dimensions are as good


def best_constant__autograd(y: Tensor) -> tuple[float, float]:
    """One step of the training loop, which is enough with the learning rate 1/2."""
    c = torch.zeros((), dtype=y.dtype, requires_grad=True)
    ((c - y) ** 2).mean().backward()
    assert c.grad is not None
    with torch.no_grad():
        c -= 0.5 * c.grad
    return c.item(), ((c - y) ** 2).mean().item()


def best_constant__training(y: Tensor) -> tuple[float, float]:
    """A training loop with the slope by hand, until nothing moves any more."""
    c = 0.0
    for _ in range(15):
        c -= 0.4 * 2 * (c - y).mean().item()
    return c, torch.nn.functional.mse_loss(torch.full_like(y, c), y).item()


def best_constant__least_squares(y: Tensor) -> tuple[float, float]:
    """torch.linalg.lstsq with a column of ones."""
    ones = torch.ones(len(y), 1, dtype=y.dtype)
    c = torch.linalg.lstsq(ones, y[:, None]).solution.squeeze()
    return c.item(), (y - c).square().mean().item()


def best_constant__float32(y: Tensor) -> tuple[float, float]:
    """float32 inside."""
    short = y.float()
    return short.mean().item(), (short - short.mean()).pow(2).mean().item()


def best_constant__numpy(y: Tensor) -> tuple[float, float]:
    """NumPy inside, whose var divides by N."""
    values = y.numpy()
    return float(np.mean(values)), float(np.var(values))


def best_constant__tensor(y: Tensor) -> tuple[float, float]:
    """A tensor of two numbers in the place of the pair."""
    return torch.stack([y.mean(), y.var(unbiased=False)])  # type: ignore[return-value]  # as good as a pair


# training_step


def training_step__loop(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Plain Python and the formulas of the slopes, one point after the other."""
    loss = grad_w = grad_b = 0.0
    for point, target in zip(x.tolist(), y.tolist(), strict=True):
        error = w * point + b - target
        loss += error**2 / len(x)
        grad_w += 2 * error * point / len(x)
        grad_b += 2 * error / len(x)
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def training_step__formulas(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The formulas of the slopes with tensors, and the tensors returned as they are."""
    error = y - w * x - b
    grad_w, grad_b = -2 * (error * x).mean(), -2 * error.mean()
    return {
        "loss": (error @ error) / len(x),  # type: ignore[dict-item]  # numbers without dimensions are as good
        "grad_w": grad_w,  # type: ignore[dict-item]
        "grad_b": grad_b,  # type: ignore[dict-item]
        "w": w - lr * grad_w,  # type: ignore[dict-item]
        "b": b - lr * grad_b,  # type: ignore[dict-item]
    }


def training_step__in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Autograd with float32 parameters and an update in place."""
    weight = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(b, requires_grad=True)
    loss = torch.mean((y - (weight * x + bias)) ** 2)
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    with torch.no_grad():
        weight -= lr * weight.grad
        bias -= lr * bias.grad
    return {
        "loss": loss.item(),
        "grad_w": weight.grad.item(),
        "grad_b": bias.grad.item(),
        "w": weight.item(),
        "b": bias.item(),
    }


def training_step__kind_of_x(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Autograd with parameters of the same kind of number as x."""
    weight = torch.tensor(w, dtype=x.dtype, requires_grad=True)
    bias = torch.tensor(b, dtype=x.dtype, requires_grad=True)
    loss = torch.nn.functional.mse_loss(weight * x + bias, y)
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    grad_w, grad_b = weight.grad.item(), bias.grad.item()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def training_step__autograd_grad(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """torch.autograd.grad on one tensor of both parameters."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    loss = (theta[0] * x + theta[1] - y).square().mean()
    (gradient,) = torch.autograd.grad(loss, theta)
    new_w, new_b = (theta - lr * gradient).tolist()
    grad_w, grad_b = gradient.tolist()
    return {"w": new_w, "b": new_b, "loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b}


def training_step__func_grad(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """torch.func, which differentiates a function."""

    def loss_of(theta: Tensor) -> Tensor:
        return (theta[0] * x + theta[1] - y).square().mean()

    gradient, loss = torch.func.grad_and_value(loss_of)(torch.tensor([w, b], dtype=x.dtype))
    grad_w, grad_b = gradient.tolist()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def training_step__optimizer(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """nn.Linear, nn.MSELoss and torch.optim.SGD."""
    model = torch.nn.Linear(1, 1).double()
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss = torch.nn.MSELoss()(model(x.double()[:, None])[:, 0], y.double())
    loss.backward()
    optimizer.step()
    assert model.weight.grad is not None
    assert model.bias.grad is not None
    return {
        "loss": loss.item(),
        "grad_w": model.weight.grad.item(),
        "grad_b": model.bias.grad.item(),
        "w": model.weight.item(),
        "b": model.bias.item(),
    }


def training_step__differences(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Slopes from losses one unit to either side, which is exact for a parabola."""

    def loss_of(w: float, b: float) -> float:
        return (w * x + b - y).square().mean().item()

    grad_w = (loss_of(w + 1, b) - loss_of(w - 1, b)) / 2
    grad_b = (loss_of(w, b + 1) - loss_of(w, b - 1)) / 2
    return {"loss": loss_of(w, b), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def training_step__numpy(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """NumPy and a matrix inside."""
    inputs = np.stack([x.numpy(), np.ones(len(x))], axis=1)
    error = inputs @ np.array([w, b]) - y.numpy()
    grad_w, grad_b = (2 / len(x) * inputs.T @ error).tolist()
    loss = float(np.mean(error**2))
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


_weight = torch.zeros((), dtype=torch.float64, requires_grad=True)
_bias = torch.zeros((), dtype=torch.float64, requires_grad=True)


def training_step__parameters_of_the_file(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Parameters at the top of the file, set and cleared in every call."""
    with torch.no_grad():
        _weight.fill_(w)
        _bias.fill_(b)
    _weight.grad = _bias.grad = None
    loss = (_weight * x + _bias - y).square().mean()
    loss.backward()
    grad_w, grad_b = float(_weight.grad), float(_bias.grad)  # type: ignore[arg-type]
    return {"loss": float(loss), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


# train


def train__in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """The loop as PyTorch's users write it, with float32 parameters, in place, zeroed after each update."""
    return _trained_in_place(x, y, w, b, lr, steps)


def _trained_in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    weight = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(b, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = torch.mean((y - (weight * x + bias)) ** 2)
        losses.append(loss.item())
        loss.backward()
        assert weight.grad is not None
        assert bias.grad is not None
        with torch.no_grad():
            weight -= lr * weight.grad
            bias -= lr * bias.grad
        weight.grad.zero_()
        bias.grad.zero_()
    return {"w": weight.item(), "b": bias.item(), "losses": losses}


def train__optimizer(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """torch.optim.SGD with zero_grad at the beginning of each step."""
    weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight, bias], lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(weight * x + bias, y)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return {"w": weight.item(), "b": bias.item(), "losses": losses}


def train__linear_layer(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """nn.Linear on a column of inputs."""
    model = torch.nn.Linear(1, 1).to(x.dtype)
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    losses = []
    for _ in range(steps):
        loss = (model(x[:, None]).squeeze(1) - y).square().mean()
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                assert parameter.grad is not None
                parameter.sub_(lr * parameter.grad)
    return {"w": model.weight.item(), "b": model.bias.item(), "losses": losses}


def train__fresh_leaves(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """A fresh leaf in each step, the losses kept as tensors."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = (theta[0] * x + theta[1] - y).square().mean()
        loss.backward()
        assert theta.grad is not None
        theta = (theta - lr * theta.grad).detach().requires_grad_()
        losses.append(loss.detach())
    return {"w": theta[0].detach(), "b": theta[1].detach(), "losses": losses}


def train__losses_in_a_tensor(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """The formulas, and the losses written into one tensor."""
    losses = torch.zeros(steps)
    for t in range(steps):
        error = w * x + b - y
        losses[t] = (error**2).mean()
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
    return {"losses": losses, "w": w, "b": b}


def train__loop(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Plain Python inside."""
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    losses = []
    for _ in range(steps):
        losses.append(sum((w * p + b - t) ** 2 for p, t in points) / len(points))
        grad_w = sum(2 * (w * p + b - t) * p for p, t in points) / len(points)
        grad_b = sum(2 * (w * p + b - t) for p, t in points) / len(points)
        w, b = w - lr * grad_w, b - lr * grad_b
    return {"w": w, "b": b, "losses": losses}


def train__recursive(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """One step, and then the training of the rest."""
    return _rest_of_the_training(x, y, w, b, lr, steps)


def _rest_of_the_training(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    if steps == 0:
        return {"w": w, "b": b, "losses": []}
    error = w * x + b - y
    grad_w, grad_b = 2 * torch.dot(error, x).item() / len(x), 2 * error.mean().item()
    rest = _rest_of_the_training(x, y, w - lr * grad_w, b - lr * grad_b, lr, steps - 1)
    return {**rest, "losses": [error.square().mean().item(), *rest["losses"]]}


def train__float32(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """float32 inside, data and parameters."""
    result = _trained_in_place(x.float(), y.float(), w, b, lr, steps)
    return {"w": result["w"], "b": result["b"], "losses": tuple(result["losses"])}


def train__numpy(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """NumPy inside, with the quadratic form of the loss."""
    inputs = np.stack([x.numpy(), np.ones(len(x))], axis=1)
    matrix, vector = inputs.T @ inputs / len(x), inputs.T @ y.numpy() / len(x)
    theta, constant = np.array([w, b]), float(np.mean(y.numpy() ** 2))
    losses = []
    for _ in range(steps):
        losses.append(float(theta @ matrix @ theta - 2 * theta @ vector) + constant)
        theta = theta - lr * 2 * (matrix @ theta - vector)
    return {"w": float(theta[0]), "b": float(theta[1]), "losses": losses}
