# wrong: every frame shows the whole path.
# status: wrong
# mistake: whole_path
import os

import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    files = []
    for i, _ in enumerate(path):
        fig = plot_descent(w_values, b_values, losses, path)  # noqa: F821
        fig.suptitle(f"step {i}")
        file = os.path.join(directory, f"frame_{i:04d}.png")
        fig.savefig(file)
        plt.close(fig)
        files.append(file)
    return files
