# right: meshgrid with "xy", so that the losses are transposed.
import matplotlib.pyplot as plt
import torch


def plot_descent(w_values, b_values, losses, path):
    W, B = torch.meshgrid(w_values, b_values, indexing="xy")
    fig = plt.figure(figsize=(5, 4))
    ax = fig.add_subplot(111)
    cs = ax.contourf(W, B, losses.T, 20, cmap="viridis")
    fig.colorbar(cs, ax=ax)
    ws, bs = zip(*path)
    ax.plot(ws, bs, color="red", marker=".")
    ax.set(xlabel="w", ylabel="b", title="descent")
    return fig
