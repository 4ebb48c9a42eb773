# right: each picture into memory first, then its bytes into the file.
import io
from pathlib import Path

import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    names = []
    for k in range(len(path)):
        figure = plot_descent(w_values, b_values, losses, path[: k + 1])
        figure.savefig(Path(directory) / f"f{k:03d}", format="png")
        (Path(directory) / f"f{k:03d}").rename(Path(directory) / f"f{k:03d}.png")
        names.append(f"f{k:03d}.png")
        plt.close(figure)
    return names
