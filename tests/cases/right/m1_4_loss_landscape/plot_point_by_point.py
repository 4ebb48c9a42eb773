# right: the path is drawn leg by leg, and the axes keep their limits.
from itertools import pairwise

from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig, ax = plt.subplots(1, 1, dpi=80)
    ax.contourf(w_values.tolist(), b_values.tolist(), losses.t().tolist(), levels=12)
    for (w0, b0), (w1, b1) in pairwise(path):
        ax.plot([w0, w1], [b0, b1], marker="o", color="white")
    if len(path) == 1:
        ax.plot(*path[0], marker="o", color="white")
    plt.xlabel("Weight")
    plt.ylabel("Bias")
    return fig
