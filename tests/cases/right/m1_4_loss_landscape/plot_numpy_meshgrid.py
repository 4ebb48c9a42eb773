# right: numpy.meshgrid, whose default is "xy", and logarithmic levels.
import matplotlib.pyplot as plt
import numpy as np


def plot_descent(w_values, b_values, losses, path):
    w, b = np.meshgrid(np.asarray(w_values), np.asarray(b_values))
    z = np.asarray(losses).transpose()
    figure, axis = plt.subplots(1, 1)
    levels = np.geomspace(max(z.min(), 1e-6), z.max() + 1e-3, 12)
    axis.contourf(w, b, z, levels=levels, extend="both")
    axis.plot(*np.array(path).T, "k.-")
    axis.set_xlabel("$w$")
    axis.set_ylabel("$b$")
    return figure
