# wrong: calls plt.show() before it returns the figure.
# status: wrong
# mistake: shown
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.contourf(w_values, b_values, losses.T)
    ax.plot([w for w, b in path], [b for w, b in path])
    ax.set(xlabel="w", ylabel="b")
    plt.show()
    return fig
