# wrong: passes the list of pairs to plot as it is.
# status: wrong
# mistake: pairs_plotted
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.contourf(w_values, b_values, losses.T)
    ax.plot(path)
    ax.set(xlabel="w", ylabel="b")
    return fig
