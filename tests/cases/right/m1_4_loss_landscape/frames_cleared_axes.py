# right: axes that are cleared and drawn again for every frame.
import matplotlib.pyplot as plt


def save_frames(w_values, b_values, losses, path, directory):
    fig, ax = plt.subplots(figsize=(4, 3))
    names = []
    for k, _ in enumerate(path):
        ax.cla()
        ax.contourf(w_values, b_values, losses.T, levels=10)
        so_far = path[: k + 1]
        ax.plot(*zip(*so_far), marker="o", color="tab:red")
        ax.set_title(f"step {k}")
        names.append("frame_%03d.png" % k)
        fig.savefig(f"{directory}/{names[-1]}")
    plt.close("all")
    return names
