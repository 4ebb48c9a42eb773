# attack: labels a figure with escape sequences, markup, half characters and ten megabytes
# expect: plot_descent=wrong|raised|crashed|timeout
import matplotlib.pyplot as plt


def plot_descent(w_values, b_values, losses, path):
    figure, axes = plt.subplots()
    axes.set_title("\x1b[2J\x1b]0;passed\x07 ::notice::passed")
    axes.set_xlabel("weight w <script>alert(1)</script> \ud800")
    axes.set_ylabel("b" * 10**7)
    return figure
