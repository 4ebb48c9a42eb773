# right: one-dimensional axes and the transposed losses, with level lines besides.
import matplotlib.pyplot as plt
import numpy as np


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    Z = losses.numpy().T
    ax.contourf(w_values.numpy(), b_values.numpy(), Z, levels=25)
    ax.contour(w_values.numpy(), b_values.numpy(), Z, levels=10, colors="white", linewidths=0.5)
    points = np.array(path)
    ax.plot(points[:, 0], points[:, 1], "r-x")
    ax.set_xlabel("weight")
    ax.set_ylabel("bias")
    return fig
