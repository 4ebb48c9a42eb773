# attack: returns a Figure subclass whose axes are invented when somebody looks
# expect: plot_descent=wrong|raised|crashed|timeout
from matplotlib.figure import Figure


class Axes:
    name = "rectilinear"

    def __getattr__(self, name):
        return lambda *args: self

    def __str__(self):
        return "loss"

    def __iter__(self):
        return iter(())


class Liar(Figure):
    axes = property(lambda self: [Axes()])


def plot_descent(w_values, b_values, losses, path):
    return Liar()
