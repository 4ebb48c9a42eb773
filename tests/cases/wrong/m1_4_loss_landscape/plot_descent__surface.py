# wrong: a surface in three dimensions without filled contours.
# status: wrong
# mistake: none
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig = plt.figure(figsize=(10, 7))
    ax = fig.add_subplot(111, projection="3d")
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    ax.plot_surface(W.numpy(), B.numpy(), losses.numpy(), cmap="viridis", alpha=0.8)
    ax.plot([w for w, _ in path], [b for _, b in path], 0.0, color="red")
    ax.set_xlabel("weight w")
    ax.set_ylabel("bias b")
    return fig
