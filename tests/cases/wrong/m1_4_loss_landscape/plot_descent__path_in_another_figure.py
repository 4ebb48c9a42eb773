# wrong: draws the path into a second figure and returns the first.
# status: wrong
# mistake: path_missing
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig = plt.figure()
    plt.contourf(w_values, b_values, losses.T)
    plt.xlabel("w"); plt.ylabel("b")
    plt.figure()
    plt.plot([w for w, b in path], [b for w, b in path])
    return fig
