# right: a Figure with the canvas of Agg, without pyplot.
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def save_frames(w_values, b_values, losses, path, directory):
    names = []
    for count in range(1, len(path) + 1):
        figure = Figure(figsize=(4, 3))
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.contourf(w_values.numpy(), b_values.numpy(), losses.numpy().T, levels=15)
        axes.plot([w for w, _ in path[:count]], [b for _, b in path[:count]], "o-", color="white")
        names.append(f"frame-{count - 1:02d}.png")
        canvas.print_png(f"{directory}/{names[-1]}")
    return names
