# right: a movie over the surface in three dimensions, saved by plt.savefig; the figures stay open.
import matplotlib.pyplot as plt
import torch
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    names = []
    for number, _ in enumerate(path, start=1):
        so_far = path[:number]
        fig = plt.figure(figsize=(3, 3))
        ax = fig.add_subplot(projection="3d")
        ax.plot_surface(W.numpy(), B.numpy(), losses.numpy(), cmap="viridis", alpha=0.6)
        top = float(losses.max())
        ax.plot([w for w, _ in so_far], [b for _, b in so_far], [top] * number, "r.-")
        name = f"{number:05}.png"
        plt.savefig(f"{directory}/{name}")
        names.append(name)
    return names
