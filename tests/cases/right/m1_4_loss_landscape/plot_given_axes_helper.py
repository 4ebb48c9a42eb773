# right: a helper that draws on given axes, and reversed or sorted values put in order first.
import matplotlib.pyplot as plt


def draw_map(ax, w_values, b_values, losses):
    w_order, b_order = w_values.argsort(), b_values.argsort()
    heights = losses[w_order][:, b_order]
    return ax.contourf(w_values[w_order].numpy(), b_values[b_order].numpy(), heights.T.numpy(), levels=30)


def plot_descent(w_values, b_values, losses, path):
    figure, axes = plt.subplots()
    figure.colorbar(draw_map(axes, w_values, b_values, losses), ax=axes, label="mean squared error")
    across, up = [], []
    for w, b in path:
        across.append(w)
        up.append(b)
    axes.plot(across, up, linestyle="--", marker="o")
    axes.set_xlabel("w")
    axes.set_ylabel("b")
    return figure
