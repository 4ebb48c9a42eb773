# wrong: one frame for every step, none for the start.
# status: wrong
# mistake: one_missing
import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    names = []
    for step in range(1, len(path)):
        plot_descent(w_values, b_values, losses, path[: step + 1])  # noqa: F821
        name = f"{step:03d}.png"
        plt.savefig(f"{directory}/{name}")
        plt.close()
        names.append(name)
    return names
