# right: contour lines over filled contours, and the path as a line below a scatter.
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig = plt.figure()
    ax = fig.add_subplot(111)
    W, B = torch.meshgrid(w_values, b_values, indexing="xy")
    filled = ax.contourf(W, B, losses.T, levels=25, cmap="magma")
    ax.contour(W, B, losses.T, levels=25, colors="black", linewidths=0.5)
    fig.colorbar(filled)
    ws = [point[0] for point in path]
    bs = [point[1] for point in path]
    ax.plot(ws, bs, color="white")
    ax.scatter(ws, bs, c=range(len(path)))
    ax.axhline(float(b_values[0]), color="grey")
    ax.set_xlabel("w (slope)")
    ax.set_ylabel("b (intercept)")
    return fig
