# right: arrows from point to point besides the line.
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    fig.colorbar(ax.contourf(w_values.numpy(), b_values.numpy(), losses.mT.numpy(), levels=12), ax=ax)
    for (w0, b0), (w1, b1) in zip(path, path[1:]):
        ax.annotate("", xy=(w1, b1), xytext=(w0, b0), arrowprops={"arrowstyle": "->", "color": "white"})
    ax.plot([w for w, _ in path], [b for _, b in path], "wo-", markersize=4)
    ax.set_xlabel("Weight w")
    ax.set_ylabel("Bias b")
    ax.set_title(f"{len(path) - 1} steps")
    return fig
