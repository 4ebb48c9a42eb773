# attack: draws more data than any description of a figure should hold
# expect: plot_descent=wrong|raised|crashed|timeout
import matplotlib.pyplot as plt
import numpy


def plot_descent(w_values, b_values, losses, path):
    figure, axes = plt.subplots()
    axes.plot(numpy.zeros(5_000_000), numpy.zeros(5_000_000))
    return figure
