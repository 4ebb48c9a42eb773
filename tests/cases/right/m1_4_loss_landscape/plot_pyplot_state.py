# right: pyplot without a single axes object: one-dimensional axes with the losses turned over, and plt.gcf().
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    ws, bs = zip(*path, strict=True)
    plt.figure(figsize=(8, 6))
    plt.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy(), levels=50, cmap="viridis")
    plt.plot(ws, bs, marker="o", color="red", label="Gradient Descent Path")
    plt.scatter(ws[0], bs[0], color="white", edgecolor="black", s=100, label="Start")
    plt.scatter(ws[-1], bs[-1], color="yellow", edgecolor="black", s=100, label="End")
    plt.xlabel("Weight (w)")
    plt.ylabel("Bias (b)")
    plt.title("Gradient Descent Path on the Loss Landscape")
    plt.legend()
    return plt.gcf()
