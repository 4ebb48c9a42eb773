# attack: returns a figure of a million inches, which takes terabytes to draw
# expect: plot_descent=wrong|raised|crashed|timeout
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    figure = plt.figure(figsize=(10**6, 10**6), dpi=10**4)
    figure.add_subplot()
    return figure
