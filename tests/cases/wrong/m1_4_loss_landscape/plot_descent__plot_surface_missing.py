# wrong: calls plot_surface on flat axes.
# status: raised
# mistake: none
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig, ax = plt.subplots()
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    ax.plot_surface(W.numpy(), B.numpy(), losses.numpy())
    ax.plot([w for w, _ in path], [b for _, b in path])
    return fig
