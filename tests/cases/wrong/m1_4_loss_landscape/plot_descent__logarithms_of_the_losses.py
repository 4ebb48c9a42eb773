# wrong: draws the logarithms of the losses.
# status: wrong
# mistake: none
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.contourf(w_values, b_values, losses.log().T)
    ax.plot([w for w, b in path], [b for w, b in path])
    ax.set(xlabel="w", ylabel="b")
    return fig
