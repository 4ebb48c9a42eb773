# attack: asks matplotlib to typeset with an external program
# expect: plot_descent=wrong|raised|crashed|timeout
import matplotlib.pyplot as plt

plt.rcParams["text.usetex"] = True


def plot_descent(w_values, b_values, losses, path):
    figure, axes = plt.subplots()
    axes.set_xlabel(r"\immediate\write18{touch hostile_was_here}")
    figure.canvas.draw()
    return figure
