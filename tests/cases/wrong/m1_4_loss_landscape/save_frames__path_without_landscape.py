# wrong: only the path is drawn.
# status: wrong
# mistake: no_landscape
import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    names = []
    for k in range(1, len(path) + 1):
        plt.figure()
        plt.plot([w for w, _ in path[:k]], [b for _, b in path[:k]], "o-")
        plt.savefig(f"{directory}/frame_{k:05d}.png")
        plt.close()
        names.append(f"frame_{k:05d}.png")
    return names
