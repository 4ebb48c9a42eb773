"""Right answers of lesson 1.3 in other styles than the solution's: each must earn full points."""

from itertools import combinations, islice

import numpy
import torch
from torch import Tensor

# split_batches


def split_batches__while_loop(order: list[int], batch_size: int) -> list[list[int]]:
    """A copy of the order that is eaten up from the front."""
    rest = list(order)
    batches = []
    while rest:
        batches.append(rest[:batch_size])
        rest = rest[batch_size:]
    return batches


def split_batches__iterator(order: list[int], batch_size: int) -> list[list[int]]:
    """An iterator that hands out batch_size numbers until none is left."""
    numbers = iter(order)
    batches = []
    while batch := list(islice(numbers, batch_size)):
        batches.append(batch)
    return batches


def split_batches__append_and_clear(order: list[int], batch_size: int) -> list[list[int]]:
    """One number at a time into the open batch, which is closed when it is full."""
    batches, batch = [], []
    for number in order:
        batch.append(number)
        if len(batch) == batch_size:
            batches.append(batch)
            batch = []
    if batch:
        batches.append(batch)
    return batches


def split_batches__torch_split(order: list[int], batch_size: int) -> tuple[Tensor, ...]:
    """Tensors of numbers, a tuple of them, as torch.split returns them."""
    return torch.split(torch.tensor(order), batch_size) if order else ()


def split_batches__tuples(order: list[int], batch_size: int) -> list[tuple[int, ...]]:
    """Tuples of numbers in a list."""
    return [tuple(order[start : start + batch_size]) for start in range(0, len(order), batch_size)]


# per_sample_gradients


def per_sample_gradients__loop(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """A loop over the points, in plain Python."""
    rows = []
    for point, target in zip(x.tolist(), y.tolist(), strict=True):
        error = w * point + b - target
        rows.append([2 * error * point, 2 * error])
    return torch.tensor(rows)


def per_sample_gradients__autograd(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """One call of backward() for every point, with float32 parameters."""
    rows = []
    for i in range(len(x)):
        weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
        squared_error = (weight * x[i] + bias - y[i]) ** 2
        squared_error.backward()
        assert weight.grad is not None
        assert bias.grad is not None
        rows.append(torch.stack([weight.grad, bias.grad]))
    return torch.stack(rows)


def per_sample_gradients__jacobian(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """The Jacobian of all squared errors at once, by autograd."""

    def squared_errors(theta: Tensor) -> Tensor:
        return (theta[0] * x + theta[1] - y) ** 2

    theta = torch.tensor([w, b], dtype=x.dtype)
    rows: Tensor = torch.autograd.functional.jacobian(squared_errors, theta)
    return rows


def per_sample_gradients__broadcast(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """A column of errors times the matrix with the rows (x, 1)."""
    design = torch.stack([x, torch.ones_like(x)], dim=-1)
    return 2 * (design @ torch.tensor([w, b], dtype=x.dtype) - y)[:, None] * design


def per_sample_gradients__float32(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Everything in float32, written into a prepared tensor of zeros."""
    grads = torch.zeros(len(x), 2)
    error = (w * x + b - y).float()
    grads[:, 0] = 2 * error * x
    grads[:, 1] = 2 * error
    return grads


def per_sample_gradients__numpy(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """The work done in NumPy."""
    inputs, targets = x.numpy(), y.numpy()
    error = w * inputs + b - targets
    return torch.from_numpy(numpy.column_stack([2 * error * inputs, 2 * error]))


# sgd_epoch


def sgd_epoch__autograd(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """The loop of lesson 1.1 with backward() and float32 parameters, the loss weighted by the size of the batch."""
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    total = 0.0
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        loss = ((weight * x[batch] + bias - y[batch]) ** 2).mean()
        total += loss.item() * len(batch)
        loss.backward()
        assert weight.grad is not None
        assert bias.grad is not None
        with torch.no_grad():
            weight -= lr * weight.grad
            bias -= lr * bias.grad
        weight.grad.zero_()
        bias.grad.zero_()
    return weight.item(), bias.item(), total / len(order)


def sgd_epoch__optimizer(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """torch.optim.SGD and a loss of torch.nn, on batches that torch.split makes."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    losses = torch.zeros(len(x), dtype=x.dtype)
    for batch in torch.split(torch.tensor(order), batch_size):
        squared_errors = torch.nn.functional.mse_loss(theta[0] * x[batch] + theta[1], y[batch], reduction="none")
        losses[batch] = squared_errors.detach()
        optimizer.zero_grad()
        squared_errors.mean().backward()
        optimizer.step()
    return theta[0].item(), theta[1].item(), losses.mean().item()


def sgd_epoch__plain_python(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Plain Python, one point after the other, with an update whenever a batch is full."""
    xs, ys = x.tolist(), y.tolist()
    total = grad_w = grad_b = 0.0
    size = 0
    for place, i in enumerate(order):
        error = w * xs[i] + b - ys[i]
        total += error * error
        grad_w += 2 * error * xs[i]
        grad_b += 2 * error
        size += 1
        if size == batch_size or place == len(order) - 1:
            w, b = w - lr * grad_w / size, b - lr * grad_b / size
            grad_w = grad_b = 0.0
            size = 0
    return w, b, total / len(order)


def sgd_epoch__laid_out_first(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """The points are laid out in the order of the epoch first, and then cut; three tensors are returned."""
    inputs, targets = x[order], y[order]
    weight, bias = torch.tensor(w, dtype=x.dtype), torch.tensor(b, dtype=x.dtype)
    losses, sizes = [], []
    for x_batch, y_batch in zip(torch.split(inputs, batch_size), torch.split(targets, batch_size), strict=True):
        error = weight * x_batch + bias - y_batch
        losses.append(error.square().mean())
        sizes.append(len(error))
        weight, bias = weight - lr * 2 * (error * x_batch).mean(), bias - lr * 2 * error.mean()
    loss = torch.stack(losses) @ torch.tensor(sizes, dtype=x.dtype) / len(x)
    return weight, bias, loss  # type: ignore[return-value]  # a tensor that holds one number is as good as a float


def sgd_epoch__data_loader(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """The batches come from torch.utils.data.DataLoader."""
    data = torch.utils.data.TensorDataset(x, y)
    total = 0.0
    for x_batch, y_batch in torch.utils.data.DataLoader(data, batch_size=batch_size, sampler=order):
        error = w * x_batch + b - y_batch
        total += (error @ error).item()
        w, b = w - lr * 2 * (error * x_batch).mean().item(), b - lr * 2 * error.mean().item()
    return w, b, total / len(x)


# minibatch_gradient_variance


def minibatch_gradient_variance__all_batches(grads: Tensor, batch_size: int) -> float:
    """The definition itself: the mean over all batches, by itertools.combinations."""
    full = grads.mean(dim=0)
    batches = torch.tensor(list(combinations(range(len(grads)), batch_size)))
    return ((grads[batches].mean(dim=1) - full) ** 2).sum(dim=1).mean().item()


def minibatch_gradient_variance__torch_var(grads: Tensor, batch_size: int) -> float:
    """torch.var, which divides by N - 1, and the matching factor 1 - B/N."""
    return (grads.var(dim=0).sum() / batch_size * (1 - batch_size / len(grads))).item()


def minibatch_gradient_variance__covariance(grads: Tensor, batch_size: int) -> float:
    """The trace of the covariance matrix, in float32."""
    n = len(grads)
    covariance = torch.cov(grads.float().T, correction=0)
    return covariance.trace().item() / batch_size * (n - batch_size) / (n - 1)


def minibatch_gradient_variance__plain_python(grads: Tensor, batch_size: int) -> float:
    """Plain Python loops over the rows."""
    rows = grads.tolist()
    n = len(rows)
    mean_w, mean_b = (sum(column) / n for column in zip(*rows, strict=True))
    spread: float = sum((row[0] - mean_w) ** 2 + (row[1] - mean_b) ** 2 for row in rows) / n
    return spread / batch_size * (n - batch_size) / (n - 1)
