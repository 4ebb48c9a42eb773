# wrong: gives contourf the two matrices of meshgrid in the wrong order, without a colour bar.
# status: wrong
# mistake: untransposed
import matplotlib.pyplot as plt
import numpy as np


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    W, B = np.meshgrid(w_values.numpy(), b_values.numpy(), indexing="ij")
    ax.contourf(B, W, losses.numpy())
    ax.plot([w for w, b in path], [b for w, b in path])
    ax.set(xlabel="w", ylabel="b")
    return fig
