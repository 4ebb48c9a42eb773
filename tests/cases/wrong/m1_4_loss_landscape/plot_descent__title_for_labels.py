# wrong: names w and b in the title and leaves the axes without labels.
# status: wrong
# mistake: unlabelled
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.contourf(w_values, b_values, losses.T)
    ax.plot([w for w, b in path], [b for w, b in path])
    ax.set_title("w and b")
    return fig
