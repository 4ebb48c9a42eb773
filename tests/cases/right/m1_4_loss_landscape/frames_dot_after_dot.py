# right: each frame adds one dot to the picture before it, and the names come from the directory.
from pathlib import Path

import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    fig, ax = plt.subplots()
    ax.pcolormesh(w_values.numpy(), b_values.numpy(), losses.T.numpy(), shading="nearest")
    for k, (w, b) in enumerate(path):
        ax.scatter([w], [b], color="red")
        fig.savefig(Path(directory) / f"frame-{k:02d}.png")
    plt.close(fig)
    return sorted(file.name for file in Path(directory).glob("*.png"))
