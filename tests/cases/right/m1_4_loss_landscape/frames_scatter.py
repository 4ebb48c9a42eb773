# right: points alone, as a scatter over an image with its extent.
import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    names = []
    width = len(str(len(path)))
    extent = (float(w_values[0]), float(w_values[-1]), float(b_values[0]), float(b_values[-1]))
    for k in range(len(path)):
        fig, ax = plt.subplots()
        ax.imshow(losses.T.flip(0).numpy(), extent=extent, aspect="auto")
        ax.scatter([w for w, _ in path[: k + 1]], [b for _, b in path[: k + 1]], c="r")
        names.append(f"movie_{k:0{width}}.png")
        fig.savefig(f"{directory}/{names[-1]}")
        plt.close(fig)
    return names
