# wrong: cuts the last point off the path.
# status: wrong
# mistake: end_missing
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.contourf(w_values, b_values, losses.T)
    ax.plot([w for w, b in path[:-1]], [b for w, b in path[:-1]])
    ax.set(xlabel="w", ylabel="b")
    return fig
