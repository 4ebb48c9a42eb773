"""Right answers of lesson 1.6 in other styles: each is graded as a submission, and must get full points."""

import itertools
import math
from typing import Any

import numpy
import torch
from torch import Tensor

# quiz


def quiz__capitals_and_spaces() -> dict[str, str]:
    """Capital letters, spaces and a closing bracket, as they are copied from the lesson."""
    return {"q1": "B", "q2": " b ", "q3": "A)", "q4": "b", "q5": "b\n", "q6": "C"}


def quiz__another_order() -> dict[str, str]:
    """A dict that is built by keywords, from the last question to the first."""
    return dict(q6="c", q5="b", q4="b", q3="a", q2="b", q1="b")  # noqa: C408  a style that students use


def quiz__zipped() -> dict[str, str]:
    """One string of letters, joined to the names of the questions."""
    return {f"Q{number}": letter for number, letter in enumerate("bbabbc", start=1)}


# train_line


def train_line__autograd(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Gradients by `backward()`, with parameters in place and float32 inside."""
    theta_w = torch.tensor(w, requires_grad=True)
    theta_b = torch.tensor(b, requires_grad=True)
    history: list[float] = []
    for order in orders:
        before = theta_w.item(), theta_b.item()
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            loss = torch.mean((theta_w * x[batch] + theta_b - y[batch]) ** 2)
            loss.backward()
            total += loss.item() * len(batch)
            assert theta_w.grad is not None
            assert theta_b.grad is not None
            with torch.no_grad():
                theta_w -= lr * theta_w.grad
                theta_b -= lr * theta_b.grad
            theta_w.grad.zero_()
            theta_b.grad.zero_()
        mean = total / len(order)
        if not math.isfinite(mean) or (history and mean > 1e6 * (history[0] + 1)):
            return {"w": before[0], "b": before[1], "history": history, "status": "diverged"}
        history.append(mean)
    return {"w": theta_w.item(), "b": theta_b.item(), "history": history, "status": "ok"}


def train_line__optimizer(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """`torch.optim.SGD` makes the steps, and `split` cuts the batches; the history is returned as a tensor."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    accepted, status = theta.detach().clone(), "ok"
    history: list[Tensor] = []
    for order in orders:
        squares = []
        for batch in torch.split(torch.tensor(order), batch_size):
            optimizer.zero_grad()
            error = theta[0] * x[batch] + theta[1] - y[batch]
            error.square().mean().backward()
            optimizer.step()
            squares.append(error.detach().square())
        loss = torch.cat(squares).mean()
        if not loss.isfinite() or (history and loss > 1e6 * (history[0] + 1)):
            status = "diverged"
            break
        accepted = theta.detach().clone()
        history.append(loss)
    losses = torch.stack(history) if history else torch.zeros(0, dtype=x.dtype)
    return {"w": accepted[0], "b": accepted[1], "history": losses, "status": status}


def train_line__plain_python(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """No tensor at all: sums over the samples, and the epoch is undone by assigning the old pair again."""
    samples = list(zip(x.tolist(), y.tolist(), strict=True))
    history: list[float] = []
    for order in orders:
        old_w, old_b = w, b
        loss, rest = 0.0, list(order)
        while rest:
            batch, rest = rest[:batch_size], rest[batch_size:]
            grad_w = grad_b = 0.0
            for i in batch:
                error = w * samples[i][0] + b - samples[i][1]
                loss += error * error / len(order)
                grad_w += 2 / len(batch) * error * samples[i][0]
                grad_b += 2 / len(batch) * error
            w -= lr * grad_w
            b -= lr * grad_b
        limit = 1e6 * (history[0] + 1) if history else math.inf
        if not loss < math.inf or loss > limit:
            return {"w": old_w, "b": old_b, "history": history, "status": "diverged"}
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": "ok"}


def train_line__numpy(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """NumPy inside, one matrix of inputs with a column of ones, and running weighted means."""
    inputs, targets = numpy.stack([x.numpy(), numpy.ones(len(x))], axis=1), y.numpy()
    theta = numpy.array([w, b])
    history: list[float] = []
    status = "ok"
    for order in orders:
        trial, loss, seen = theta.copy(), 0.0, 0
        for start in range(0, len(order), batch_size):
            batch = numpy.array(order[start : start + batch_size])
            error = inputs[batch] @ trial - targets[batch]
            seen += len(batch)
            loss += (float(numpy.mean(error**2)) - loss) * len(batch) / seen
            trial -= lr * 2 / len(batch) * inputs[batch].T @ error
        history.append(loss)
        if not numpy.isfinite(loss) or loss > 1e6 * (history[0] + 1):
            history.pop()
            status = "diverged"
            break
        theta = trial
    return {"w": float(theta[0]), "b": float(theta[1]), "history": history, "status": status}


def train_line__generator_of_batches(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Float32 inside, batches by an iterator, gradients by `torch.func.grad`, and the history as a tuple."""
    x, y = x.float(), y.float()

    def mean_square(theta: Tensor, batch: list[int]) -> Tensor:
        return ((theta[0] * x[batch] + theta[1] - y[batch]) ** 2).mean()

    theta, status = torch.tensor([w, b]), "ok"
    history: tuple[float, ...] = ()
    for order in orders:
        indices, trial, total = iter(order), theta, torch.tensor(0.0)
        while batch := list(itertools.islice(indices, batch_size)):
            total = total + len(batch) * mean_square(trial, batch)
            trial = trial - lr * torch.func.grad(mean_square)(trial, batch)
        loss = (total / len(order)).item()
        first = (*history, loss)[0]
        if not math.isfinite(loss) or loss > 1e6 * (first + 1):
            status = "diverged"
            break
        theta, history = trial, (*history, loss)
    return {"w": theta[0].item(), "b": theta[1].item(), "history": history, "status": status}
