# wrong: the labels are on the wrong axes.
# status: wrong
# mistake: labels_swapped
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig, ax = plt.subplots()
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    ax.contourf(W.numpy(), B.numpy(), losses.numpy(), levels=20)
    ax.plot([p[0] for p in path], [p[1] for p in path], marker="o", color="red")
    ax.set_ylabel("weight w")
    ax.set_xlabel("bias b")
    return fig
