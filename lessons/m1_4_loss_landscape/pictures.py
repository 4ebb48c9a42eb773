"""What `grade show` adds to the pictures of lesson 1.4: the landscape behind a walk, and the names of the axes."""

import torch
from matplotlib.axes import Axes
from torch import Tensor


def run_descent(axes: Axes, x: Tensor, y: Tensor, **_: object) -> None:
    """Draw the level lines of the loss behind the walk; x and y have the shape (N,)."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    w, b = torch.meshgrid(torch.linspace(left, right, 60), torch.linspace(bottom, top, 60), indexing="ij")
    losses = (w[..., None] * x + b[..., None] - y).square().mean(dim=-1)
    axes.contourf(w.numpy(), b.numpy(), losses.sqrt().numpy(), levels=20, cmap="cividis", alpha=0.6, zorder=0)
    axes.set(xlabel="w", ylabel="b")


def compute_grid(axes: Axes, **_: object) -> None:
    """Say which index is which."""
    axes.set(xlabel="j: the index of b_values", ylabel="i: the index of w_values")


def fixed_bias_slice(axes: Axes, w_values: Tensor, **_: object) -> None:
    """Say what the index counts; w_values has the shape (n_w,)."""
    axes.set(xlabel=f"i: the index of w_values, {len(w_values)} of them", ylabel="loss")
