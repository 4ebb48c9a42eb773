# wrong: draws the rest of the path from frame k on.
# status: wrong
# mistake: none
import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    names = []
    for k in range(len(path)):
        fig = plot_descent(w_values, b_values, losses, path[k:])
        names.append(f"{k:03d}.png"); fig.savefig(f"{directory}/{names[-1]}"); plt.close(fig)
    return names
