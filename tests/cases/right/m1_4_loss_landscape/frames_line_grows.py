# right: one figure whose line gets more data from frame to frame.
import matplotlib.pyplot as plt
from pathlib import Path


def save_frames(w_values, b_values, losses, path, directory):
    fig, ax = plt.subplots()
    ax.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy())
    (line,) = ax.plot([], [], "ro-")
    names = []
    for k in range(1, len(path) + 1):
        line.set_data([w for w, _ in path[:k]], [b for _, b in path[:k]])
        name = f"{k:03}.png"
        fig.savefig(Path(directory, name))
        names.append(name)
    plt.close(fig)
    return names
