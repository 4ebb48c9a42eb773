# right: one figure for all frames; a loop that ends when no line is left removes the path of the frame before.
from pathlib import Path

import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    fig, ax = plt.subplots()
    ax.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy())
    names = []
    for k in range(len(path)):
        while ax.lines:
            ax.lines[0].remove()
        ax.plot([w for w, _ in path[: k + 1]], [b for _, b in path[: k + 1]], "o-")
        names.append(f"{k:05d}.png")
        fig.savefig(Path(directory) / names[-1])
    plt.close(fig)
    return names
