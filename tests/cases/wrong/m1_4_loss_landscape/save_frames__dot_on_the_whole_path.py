# wrong: draws the whole path in every frame and marks the point of the frame.
# status: wrong
# mistake: whole_path
import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    names = []
    for k in range(len(path)):
        fig = plot_descent(w_values, b_values, losses, path)
        fig.axes[0].plot(*path[k], "ro")
        names.append(f"{k:03d}.png"); fig.savefig(f"{directory}/{names[-1]}"); plt.close(fig)
    return names
