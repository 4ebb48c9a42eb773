"""Right answers of lesson 1.4 in other styles: all of them get full points, however they are written."""

from itertools import accumulate
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

# compute_grid


def compute_grid__double_loop(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """A double loop into torch.zeros."""
    losses = torch.zeros(len(w_values), len(b_values))
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            losses[i, j] = ((w * x + b - y) ** 2).mean()
    return losses


def compute_grid__plain_python(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """No tensor arithmetic at all: one number after the other, and a tensor of them at the end."""
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    return torch.tensor(
        [
            [sum((yi - (w * xi + b)) ** 2 for xi, yi in points) / len(points) for b in b_values.tolist()]
            for w in w_values.tolist()
        ]
    )


def compute_grid__meshgrid_xy(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """The meshgrid in the "xy" order, turned over at the end."""
    w_grid, b_grid = torch.meshgrid(w_values, b_values, indexing="xy")
    return (w_grid[..., None] * x + b_grid[..., None] - y).pow(2).mean(-1).T


def compute_grid__matrix_product(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """All lines at once as one matrix product of (x, 1) and (w, b)."""
    design = torch.stack([x, torch.ones_like(x)], dim=1)
    residuals = design @ torch.cartesian_prod(w_values, b_values).reshape(-1, 2).T - y[:, None]
    return residuals.square().mean(dim=0).view(len(w_values), len(b_values))


def compute_grid__moments(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """The square multiplied out: five means of the data, and no point is looked at twice."""
    w, b = w_values[:, None], b_values[None, :]
    squares = w * w * (x * x).mean() + b * b + (y * y).mean()
    return squares + 2 * w * b * x.mean() - 2 * w * (x * y).mean() - 2 * b * y.mean()


def compute_grid__numpy_inside(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """NumPy does the arithmetic, and a tensor is made of its array."""
    w_grid, b_grid = np.meshgrid(w_values.numpy(), b_values.numpy(), indexing="ij")
    return torch.from_numpy(np.mean((y.numpy() - w_grid[..., None] * x.numpy() - b_grid[..., None]) ** 2, axis=-1))


def compute_grid__vmap(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """One loss for one pair, mapped over both axes by vmap."""

    def loss(w: Tensor, b: Tensor) -> Tensor:
        return torch.mean((y - (w * x + b)) ** 2)

    over_biases = torch.vmap(loss, in_dims=(None, 0))
    losses: Tensor = torch.vmap(over_biases, in_dims=(0, None))(w_values, b_values)
    return losses


# run_descent


def run_descent__autograd(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """backward() on two parameters, stepped in place, the gradients zeroed."""
    w, b = torch.tensor(w_start, requires_grad=True), torch.tensor(b_start, requires_grad=True)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        torch.mean((y - (w * x + b)) ** 2).backward()
        assert w.grad is not None
        assert b.grad is not None
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
        path.append((w.item(), b.item()))
    return path


def run_descent__optimizer(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """torch.optim.SGD on two parameters."""
    w, b = torch.nn.Parameter(torch.tensor(w_start)), torch.nn.Parameter(torch.tensor(b_start))
    optimizer = torch.optim.SGD([w, b], lr=lr)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(w * x + b, y).backward()
        optimizer.step()
        path.append((w.item(), b.item()))
    return path


def run_descent__one_tensor(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Tensor:
    """One parameter vector, and the path is a tensor of shape (steps + 1, 2)."""
    theta = torch.tensor([w_start, b_start], dtype=x.dtype)
    path = [theta]
    for _ in range(steps):
        theta = theta.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(((theta[0] * x + theta[1] - y) ** 2).mean(), theta)
        theta = (theta - lr * gradient).detach()
        path.append(theta)
    return torch.stack(path)


def run_descent__layer(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """A layer nn.Linear(1, 1), whose parameters are float32, and SGD."""
    layer = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(layer.weight, w_start)
    torch.nn.init.constant_(layer.bias, b_start)
    optimizer = torch.optim.SGD(layer.parameters(), lr=lr)
    path = [(layer.weight.item(), layer.bias.item())]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(layer(x[:, None]), y[:, None]).backward()
        optimizer.step()
        path.append((layer.weight.item(), layer.bias.item()))
    return path


def run_descent__accumulate(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """itertools.accumulate does the bookkeeping."""

    def step(point: tuple[float, float], _: int) -> tuple[float, float]:
        error = point[0] * x + point[1] - y
        return point[0] - lr * 2 * float((error * x).mean()), point[1] - lr * 2 * float(error.mean())

    return list(accumulate(range(steps), step, initial=(w_start, b_start)))


def run_descent__lists_of_tensors(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[list[Tensor]]:
    """The pairs are lists, and what they hold are tensors without dimensions."""
    w, b = torch.tensor(w_start, dtype=x.dtype), torch.tensor(b_start, dtype=x.dtype)
    path = [[w, b]]
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        path.append([w, b])
    return path


# fixed_bias_slice


def fixed_bias_slice__loop(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """A list of numbers, one for each weight, made a tensor at the end."""
    losses = []
    for w in w_values:
        loss = torch.mean((y - (w * x + b)) ** 2)
        losses.append(loss.item())
    return torch.tensor(losses)


def fixed_bias_slice__completed_square(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """The parabola around its lowest point, with a special case for a flat one."""
    rest, bend = y - b, (x * x).mean()
    if bend == 0:
        return (rest * rest).mean().expand(w_values.shape).clone()
    lowest = (x * rest).mean() / bend
    return bend * (w_values - lowest) ** 2 + ((rest - lowest * x) ** 2).mean()


def fixed_bias_slice__variance(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """The mean of squares as the variance plus the square of the mean."""
    errors = y - b - w_values[:, None] * x
    return errors.var(dim=-1, unbiased=False) + errors.mean(dim=-1) ** 2


def fixed_bias_slice__numpy_inside(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """NumPy does the arithmetic, and a tensor is made of its array."""
    errors = y.numpy()[None, :] - (np.outer(w_values.numpy(), x.numpy()) + b)
    return torch.from_numpy((errors**2).mean(axis=1))


# plot_descent


def plot_descent__pyplot_state(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """Pyplot alone, without an axes object: the losses turned over, markers for start and end, and plt.gcf()."""
    weights, biases = zip(*path, strict=True)
    plt.figure(figsize=(8, 6))
    plt.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy(), levels=50, cmap="viridis")
    plt.plot(weights, biases, marker="o", color="red", label="path")
    plt.scatter(weights[0], biases[0], color="white", edgecolor="black", s=100, label="start")
    plt.scatter(weights[-1], biases[-1], color="yellow", edgecolor="black", s=100, label="end")
    plt.xlabel("Weight (w)")
    plt.ylabel("Bias (b)")
    plt.legend()
    return plt.gcf()


def plot_descent__lines_and_fill(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """Contour lines over filled contours, and the path as a line below a scatter."""
    figure, axes = plt.subplots()
    w_grid, b_grid = torch.meshgrid(w_values, b_values, indexing="xy")
    axes.contourf(w_grid.numpy(), b_grid.numpy(), losses.T.numpy(), levels=25, cmap="magma")
    axes.contour(w_grid.numpy(), b_grid.numpy(), losses.T.numpy(), levels=25, colors="black", linewidths=0.5)
    weights, biases = [w for w, _ in path], [b for _, b in path]
    axes.plot(weights, biases, color="white")
    axes.scatter(weights, biases, c=range(len(path)))
    axes.set(xlabel="w (slope)", ylabel="b (height)")
    return figure


def plot_descent__figure_object(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """A Figure made directly, without pyplot."""
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot(1, 1, 1)
    figure.colorbar(axes.contourf(w_values.numpy(), b_values.numpy(), losses.numpy().transpose(), 20), ax=axes)
    points = np.array(path)
    axes.plot(points[:, 0], points[:, 1], "w.-")
    axes.set(xlabel="$w$", ylabel="$b$")
    return figure


# save_frames


def save_frames__one_figure(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """One figure for all frames, whose line grows; the full paths of the files are returned."""
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.contourf(w_values.numpy(), b_values.numpy(), losses.numpy().T)
    (line,) = axes.plot([], [], "ro-")
    files = []
    for k in range(len(path)):
        line.set_data([w for w, _ in path[: k + 1]], [b for _, b in path[: k + 1]])
        file = Path(directory) / f"step{k:04d}.png"
        figure.savefig(file, dpi=50)
        files.append(str(file))
    plt.close(figure)
    return files


def save_frames__dot_after_dot(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """A dot more for each frame, on coloured cells, and the names are read from the folder."""
    figure, axes = plt.subplots()
    axes.pcolormesh(w_values.numpy(), b_values.numpy(), losses.T.numpy(), shading="nearest")
    for k, (w, b) in enumerate(path):
        axes.scatter([w], [b], color="red")
        figure.savefig(Path(directory) / f"frame-{k:02d}.png")
    plt.close(figure)
    return sorted(file.name for file in Path(directory).glob("*.png"))


def save_frames__surface(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """A movie over the surface in three dimensions."""
    w_grid, b_grid = torch.meshgrid(w_values, b_values, indexing="ij")
    names = []
    for number in range(1, len(path) + 1):
        figure = plt.figure(figsize=(3, 3))
        axes = figure.add_subplot(projection="3d")
        axes.plot_surface(w_grid.numpy(), b_grid.numpy(), losses.numpy(), cmap="viridis", alpha=0.6)
        seen = path[:number]
        axes.plot([w for w, _ in seen], [b for _, b in seen], [float(losses.max())] * number, "r.-")
        names.append(f"{number:05}.png")
        figure.savefig(Path(directory) / names[-1])
        plt.close(figure)
    return names
