# attack: opens hundreds of figures and never closes one
# expect: plot_descent=wrong|raised|crashed|timeout
import warnings

import matplotlib.pyplot as plt

warnings.simplefilter("ignore")


def plot_descent(w_values, b_values, losses, path):
    for _ in range(300):
        plt.figure()
    return plt
