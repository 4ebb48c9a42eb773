"""Exercises of lesson 1.4: visualizing the loss landscape.

Read lessons/m1_4_loss_landscape/README.md, fill in the functions, and run: grade 1.4
"""

from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """Return the loss of the line `w * x + b` for every pair of a weight and a bias.

    `x` and `y` hold the N data points, shape (N,); `w_values` has shape (n_w,) and `b_values` has shape (n_b,).
    The result has shape (n_w, n_b): row i belongs to `w_values[i]`, column j to `b_values[j]`, and the entry is
    the mean over the N points of the squared error.

    >>> x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    >>> compute_grid(x, y, torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0, 2.0]))
    tensor([[5., 2., 1.],
            [1., 0., 1.]])
    """
    raise NotImplementedError("TODO: compute_grid")


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Walk down the landscape and return every point `(w, b)` that is visited, the start included.

    `x` and `y` have shape (N,). Each of the `steps` steps moves against the gradient of the mean squared error,
    `lr` times as far as the gradient is long. The result has `steps + 1` pairs of floats.

    >>> x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    >>> run_descent(x, y, 0.0, 0.0, 0.5, 2)
    [(0.0, 0.0), (1.5, 2.0), (1.25, 1.25)]
    """
    raise NotImplementedError("TODO: run_descent")


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """Return the loss along a cut through the landscape: the bias stays at `b`, only the weight varies.

    `x` and `y` have shape (N,), `w_values` has shape (n_w,). The result has shape (n_w,).

    >>> x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    >>> fixed_bias_slice(x, y, torch.tensor([0.0, 2.0, 4.0]), 1.0)
    tensor([2., 0., 2.])
    """
    raise NotImplementedError("TODO: fixed_bias_slice")


def bowl_from_losses(points: Tensor, losses: Tensor) -> tuple[Tensor, Tensor, float]:
    """Find a bowl from six of its losses: return its curvature H, its lowest point, and the loss there.

    `points` has shape (6, 2), with the weight and the bias of one point in each row; `losses` has shape (6,). The model
    is linear in w and b, so `lowest + 0.5 * d @ H @ d` is the loss of the point `bottom + d`. The result is
    `(H, bottom, lowest)`: a symmetric tensor of shape (2, 2), a tensor of shape (2,), and a float.

    >>> points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 2.0], [2.0, 1.0]])
    >>> bowl_from_losses(points, torch.tensor([6.0, 2.0, 2.0, 3.0, 2.0, 3.0]))
    (tensor([[4., 2.],
            [2., 2.]]), tensor([1., 1.]), 1.0)
    """
    raise NotImplementedError("TODO: bowl_from_losses")


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    """Bonus: draw the landscape as filled contours and the path of a descent on top of it; return the figure.

    `losses` has shape (n_w, n_b), as `compute_grid` returns it. The horizontal axis is w, the vertical axis is b,
    and both are labelled.

    >>> w_values, b_values, losses = torch.arange(3.0), torch.arange(4.0), torch.rand(3, 4)
    >>> figure = plot_descent(w_values, b_values, losses, [(0.0, 0.0), (1.0, 2.0)])
    >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
    ('weight w', 'bias b')
    """
    raise NotImplementedError("TODO: plot_descent")


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """Bonus: save one picture for every point of the path, the frames of a movie; return their file names in order.

    Frame k is a PNG file in `directory` that shows the landscape and the first k + 1 points of the path; `losses` has
    shape (n_w, n_b), as `compute_grid` returns it. The names sort in the order of the frames, so that any program can
    join them to a movie.

    >>> import tempfile
    >>> w_values, b_values, losses = torch.arange(3.0), torch.arange(4.0), torch.rand(3, 4)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     save_frames(w_values, b_values, losses, [(0.0, 0.0), (1.0, 2.0)], directory)
    ['frame_000.png', 'frame_001.png']
    """
    raise NotImplementedError("TODO: save_frames")


if __name__ == "__main__":
    x = torch.linspace(-3, 3, 30)
    y = 2 * x + 1 + 0.5 * torch.randn(30, generator=torch.Generator().manual_seed(42))
    w_values, b_values = torch.linspace(0, 4, 60), torch.linspace(-1, 3, 60)
    try:
        losses = compute_grid(x, y, w_values, b_values)
    except NotImplementedError:
        raise SystemExit("Nothing to draw yet: write compute_grid first, then run this file again.") from None
    try:
        path = run_descent(x, y, 3.5, 2.5, 0.1, 15)
    except NotImplementedError:
        path = []
    plt.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy(), levels=30)
    plt.colorbar(label="loss")
    if path:
        plt.plot([w for w, _ in path], [b for _, b in path], "o-", color="white", markeredgecolor="black")
    plt.xlabel("weight w")
    plt.ylabel("bias b")
    plt.title("Your loss landscape" + (" and your descent" if path else ""))
    plt.savefig("my_landscape.png")
    print("Drawn: my_landscape.png")
    plt.show()
