# wrong: draws an image with its extent where filled contours are required.
# status: wrong
# mistake: coloured_cells
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    fig, ax = plt.subplots()
    ax.imshow(losses.T, origin="lower", extent=(float(w_values[0]), float(w_values[-1]), float(b_values[0]), float(b_values[-1])))
    ax.plot([w for w, b in path], [b for w, b in path])
    ax.set(xlabel="w", ylabel="b")
    return fig
