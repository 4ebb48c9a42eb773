# wrong: draws the biases across and the weights up, the path and the labels too.
# status: wrong
# mistake: axes_exchanged
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.contourf(b_values, w_values, losses)
    ax.plot([b for w, b in path], [w for w, b in path])
    ax.set(xlabel="bias b", ylabel="weight w")
    return fig
