# right: the path as a scatter whose colours tell the step.
import matplotlib.pyplot as plt
import torch


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots(layout="constrained")
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    ax.contourf(W, B, losses)
    walked = torch.tensor(path)
    ax.scatter(walked[:, 0], walked[:, 1], c=range(len(path)), cmap="autumn", edgecolors="k")
    ax.set_xlabel("weight w")
    ax.set_ylabel("bias b")
    return fig
