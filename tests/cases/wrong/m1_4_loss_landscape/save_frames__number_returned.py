# wrong: returns how many frames there are.
# status: wrong
# mistake: none
import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    for k in range(len(path)):
        fig = plot_descent(w_values, b_values, losses, path[: k + 1])  # noqa: F821
        fig.savefig(f"{directory}/frame_{k:03d}.png")
        plt.close(fig)
    return len(path)
