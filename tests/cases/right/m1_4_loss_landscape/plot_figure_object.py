# right: a Figure made directly, without pyplot, and coordinates of numpy in its "xy" order.
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot(1, 1, 1)
    horizontal, vertical = np.meshgrid(w_values.numpy(), b_values.numpy())
    mappable = axes.contourf(horizontal, vertical, losses.numpy().transpose(), 20)
    figure.colorbar(mappable, ax=axes)
    points = np.array(path)
    axes.plot(points[:, 0], points[:, 1], "w.-")
    axes.set(xlabel="$w$", ylabel="$b$")
    return figure
