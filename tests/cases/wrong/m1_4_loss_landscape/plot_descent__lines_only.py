# wrong: contour instead of contourf.
# status: wrong
# mistake: contour_lines_only
# says: The figure is drawn with contour, expected contourf.
# unsaid: your code returned
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig, ax = plt.subplots()
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    ax.contour(W.numpy(), B.numpy(), losses.numpy(), levels=20)
    ax.plot([p[0] for p in path], [p[1] for p in path], marker="o", color="red")
    ax.set_xlabel("weight w")
    ax.set_ylabel("bias b")
    return fig
