# right: plt.contourf and plt.plot, and the current figure returned.
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    plt.figure()
    plt.contourf(w_values, b_values, losses.t(), levels=30, cmap="plasma")
    plt.colorbar()
    plt.plot([p[0] for p in path], [p[1] for p in path], "o-", c="w", ms=3)
    plt.scatter([path[0][0]], [path[0][1]], marker="s", c="lime", label="start")
    plt.scatter([path[-1][0]], [path[-1][1]], marker="*", c="red", label="end")
    plt.xlabel("w")
    plt.ylabel("b")
    plt.legend()
    return plt.gcf()
