# wrong: saves into a folder that does not exist.
# status: raised
# mistake: none
import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    names = []
    for k in range(len(path)):
        fig = plot_descent(w_values, b_values, losses, path[: k + 1])  # noqa: F821
        names.append(f"frame_{k:03d}.png")
        fig.savefig(f"frames/{names[-1]}")
        plt.close(fig)
    return names
