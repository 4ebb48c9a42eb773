# right: one figure for all frames, whose line grows; the full paths of the files are returned.
import os

import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    fig, ax = plt.subplots(figsize=(4, 3))
    ax.contourf(w_values.numpy(), b_values.numpy(), losses.numpy().T)
    (line,) = ax.plot([], [], "ro-")
    files = []
    for k in range(len(path)):
        line.set_data([p[0] for p in path[: k + 1]], [p[1] for p in path[: k + 1]])
        ax.set_title(f"step {k} of {len(path) - 1}")
        file = os.path.join(directory, f"step{k:04d}.png")
        fig.savefig(file, dpi=50)
        files.append(file)
    plt.close(fig)
    return files
