# wrong: the numbers in the names have no leading zeros.
# status: wrong
# mistake: names_not_padded
import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    names = []
    for i in range(len(path)):
        fig = plot_descent(w_values, b_values, losses, path[: i + 1])  # noqa: F821
        names.append(f"step{i}.png")
        fig.savefig(f"{directory}/{names[-1]}")
        plt.close(fig)
    return names
