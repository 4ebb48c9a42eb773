# right: the figure of plot_descent for every beginning of the path, padded to four digits.
import os

import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    names = [f"step{k:04d}.png" for k in range(len(path))]
    for k, name in enumerate(names):
        fig = plot_descent(w_values, b_values, losses, path[: k + 1])
        fig.savefig(os.path.join(directory, name), dpi=60)
        plt.close(fig)
    return names
