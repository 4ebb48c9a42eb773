# wrong: frame k shows k points.
# status: wrong
# mistake: one_point_too_few
import matplotlib.pyplot as plt
from torch import Tensor


def save_frames(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    names = [f"frame{k:02d}.png" for k in range(len(path))]
    for k, name in enumerate(names):
        figure, axes = plt.subplots()
        axes.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy())
        axes.plot([w for w, _ in path[:k]], [b for _, b in path[:k]], "ro-")
        figure.savefig(f"{directory}/{name}")
        plt.close(figure)
    return names
