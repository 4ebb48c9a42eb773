# attack: returns a figure that draws, saves and describes itself for ever
# expect: plot_descent=timeout
from matplotlib.figure import Figure


class Endless(Figure):
    def draw(self, renderer):
        while True:
            pass

    savefig = print_figure = draw

    @property
    def axes(self):
        while True:
            pass


def plot_descent(w_values, b_values, losses, path):
    return Endless.__new__(Endless)  # without __init__, which would look at the axes
