# wrong: one-dimensional axes and losses that are not turned over.
# status: wrong
# mistake: untransposed
# says: the picture shows the height
# unsaid: your code returned
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    fig, ax = plt.subplots()
    ax.contourf(w_values.numpy(), b_values.numpy(), losses.numpy(), levels=20)
    ws, bs = zip(*path, strict=True)
    ax.plot(ws, bs, marker="o", color="red")
    ax.set_xlabel("weight w")
    ax.set_ylabel("bias b")
    return fig
