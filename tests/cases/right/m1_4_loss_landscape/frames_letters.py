# right: names that sort by a number from 1000 on.
import pathlib

import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    target = pathlib.Path(directory)
    target.mkdir(parents=True, exist_ok=True)
    for k in range(len(path)):
        fig = plt.figure()
        ax = fig.add_axes((0.15, 0.15, 0.8, 0.8))
        ax.pcolormesh(w_values.numpy(), b_values.numpy(), losses.T.numpy(), shading="nearest")
        ax.plot([w for w, _ in path[: k + 1]], [b for _, b in path[: k + 1]], "r.-")
        fig.savefig(target / f"{1000 + k}.png")
        plt.close(fig)
    return sorted(file.name for file in target.glob("*.png"))
