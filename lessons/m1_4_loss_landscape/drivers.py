"""Called beside the student's functions, in their process: files and figures are looked at here and leave as numbers.

What is returned does not depend on names, sizes or colours, so that two answers that mean the same are the same.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import Tensor

SaveFrames = Callable[[Tensor, Tensor, Tensor, list[tuple[float, float]], str], Any]
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
SMALL: dict[Any, Any] = {  # matplotlib lists every name in the type of its own
    "figure.dpi": 30,
    "savefig.dpi": 30,
    "xtick.bottom": False,
    "xtick.labelbottom": False,
    "ytick.left": False,
    "ytick.labelleft": False,
}
"""Settings for pictures that nobody looks at: small, and without the numbers on the axes, which take long."""


def number_of_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> dict[str, int]:
    """Return how many files there are after the call, and how many of them are PNG pictures."""
    with tempfile.TemporaryDirectory() as directory, _blank_pictures():
        save_frames(w_values, b_values, losses, path, directory)
        files = _files(directory)
        pictures = [file for file in files if file.read_bytes().startswith(PNG_HEAD)]
    return {"files": len(files), "pictures": len(pictures)}


def places_of_names(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Any:
    """Return for each returned name its place among the sorted names of the files, and -1 for the name of no file.

    A full path counts as the name of its file. What is no list of names is returned as it is.
    """
    with tempfile.TemporaryDirectory() as directory, _blank_pictures():
        returned = save_frames(w_values, b_values, losses, path, directory)
        names = [file.name for file in _files(directory)]
    if not isinstance(returned, (list, tuple)):
        return returned
    returned_names = [Path(str(name)).name for name in returned]
    return [names.index(name) if name in names else -1 for name in returned_names]


def points_in_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> list[str]:
    """Return for each file, in the order of the names, the numbers of the points of the path that its picture shows."""
    with tempfile.TemporaryDirectory() as directory, _blank_pictures() as points:
        save_frames(w_values, b_values, losses, path, directory)
        names = [file.name for file in _files(directory)]
    return [" ".join(str(k) for k, point in enumerate(path) if point in points.get(name, set())) for name in names]


def landscape_in_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> bool:
    """Return whether every frame becomes another picture when the losses are turned over."""
    from matplotlib.axis import Axis

    contents = []
    for landscape in (losses, losses.flip(0)):
        with tempfile.TemporaryDirectory() as directory, _without_drawing(Axis):
            save_frames(w_values, b_values, landscape, path, directory)
            contents.append([file.read_bytes() for file in _files(directory)])
    return bool(contents[0]) and not set(contents[0]) & set(contents[1])


def _files(directory: str) -> list[Path]:
    return sorted(file for file in Path(directory).iterdir() if file.is_file())


@contextmanager
def _blank_pictures() -> Iterator[dict[str, set[tuple[float, float]]]]:
    """Save every figure as an empty picture meanwhile, for drawing takes most of the time.

    What the pictures would show is noted: by the name of the file, the points ``(x, y)`` of all lines and scatters.
    """
    from matplotlib.backend_bases import FigureCanvasBase
    from matplotlib.figure import Figure

    print_figure = FigureCanvasBase.print_figure
    noted: dict[str, set[tuple[float, float]]] = {}

    def noting(canvas: FigureCanvasBase, filename: Any, *args: Any, **kwargs: Any) -> Any:
        result = print_figure(canvas, filename, *args, **kwargs)
        name = Path(str(getattr(filename, "name", filename))).name
        # matplotlib adds the ending that a name lacks.
        noted[name if "." in name else f"{name}.png"] = {
            point for axes in canvas.figure.axes for point in _points(axes)
        }
        return result

    # setattr, because mypy refuses to assign to a method.
    setattr(FigureCanvasBase, "print_figure", noting)  # noqa: B010
    try:
        with _without_drawing(Figure):
            yield noted
    finally:
        setattr(FigureCanvasBase, "print_figure", print_figure)  # noqa: B010


@contextmanager
def _without_drawing(part: Any) -> Iterator[None]:
    """Let small pictures be saved meanwhile, without this kind of part; close all figures in the end."""
    import matplotlib
    import matplotlib.pyplot as plt

    draw = part.draw

    def draw_nothing(_part: object, _renderer: object) -> None:
        pass

    part.draw = draw_nothing
    try:
        with matplotlib.rc_context(SMALL):
            yield
    finally:
        part.draw = draw
        plt.close("all")


def _points(axes: Any) -> Iterator[tuple[float, float]]:
    """Yield the points of all lines and scatters, on a plane or over a surface, without their heights."""
    for line in axes.get_lines():
        xs, ys = line.get_data_3d()[:2] if hasattr(line, "get_data_3d") else line.get_data(orig=False)
        yield from ((float(x), float(y)) for x, y in zip(xs, ys, strict=True))
    for collection in axes.collections:
        if type(collection).__name__ == "Path3DCollection":
            xs, ys, _ = collection._offsets3d
            yield from ((float(x), float(y)) for x, y in zip(xs, ys, strict=True))
        elif type(collection).__name__ == "PathCollection":
            yield from ((float(x), float(y)) for x, y in collection.get_offsets())
