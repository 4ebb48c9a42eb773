"""Called beside the student's functions, in their process: files and figures are looked at here and leave as numbers.

What is returned does not depend on names, sizes or colours, so that two answers that mean the same are the same.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Self

from torch import Tensor

SaveFrames = Callable[[Tensor, Tensor, Tensor, list[tuple[float, float]], str], Any]
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
LANDSCAPES = ("contour", "contourf", "pcolormesh", "imshow", "plot_surface")
SMALL: dict[Any, Any] = {  # matplotlib lists every name in the type of its own
    "figure.dpi": 10,
    "savefig.dpi": 10,
    "xtick.bottom": False,
    "xtick.labelbottom": False,
    "ytick.left": False,
    "ytick.labelleft": False,
}
"""Settings for pictures that nobody looks at: small, and without the numbers on the axes, which take long."""
TICKS = ("grid", "set_clip_path")
"""Methods of an axis for which it makes its ticks, which nobody looks at either."""


def number_of_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> dict[str, int]:
    """Return how many files there are after the call, and how many of them are PNG pictures."""

    def look(_returned: Any, files: list[Path], _points: object) -> dict[str, int]:
        pictures = [file for file in files if file.read_bytes().startswith(PNG_HEAD)]
        return {"files": len(files), "pictures": len(pictures)}

    found: dict[str, int] = _looked_at(look, save_frames, w_values, b_values, losses, path, draws=False)
    return found


def places_of_names(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Any:
    """Return for each returned name its place among the sorted names of the files, and -1 for the name of no file.

    A full path counts as the name of its file. What is no list of names is returned as it is.
    """

    def look(returned: Any, files: list[Path], _points: object) -> Any:
        if not isinstance(returned, (list, tuple)):
            return returned
        names = [file.name for file in files]
        returned_names = [Path(str(name)).name for name in returned]
        return [names.index(name) if name in names else -1 for name in returned_names]

    return _looked_at(look, save_frames, w_values, b_values, losses, path, draws=False)


def points_in_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> list[str]:
    """Return for each file, in the order of the names, the numbers of the points of the path that its picture shows."""

    def look(_returned: Any, files: list[Path], points: dict[str, set[tuple[float, float]]]) -> list[str]:
        shown = [points.get(file.name, set()) for file in files]
        return [" ".join(str(k) for k, point in enumerate(path) if point in each) for each in shown]

    frames: list[str] = _looked_at(look, save_frames, w_values, b_values, losses, path)
    return frames


def landscape_in_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> bool:
    """Return whether every frame becomes another picture when the losses are turned over.

    The pictures have neither ticks nor a colour bar, which would take most of the time.
    """
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    def contents(landscape: Tensor) -> set[bytes]:
        with tempfile.TemporaryDirectory() as directory:
            save_frames(w_values, b_values, landscape, path, directory)
            return {file.read_bytes() for file in _files(directory)}

    def compare(*stand_ins: tuple[type, str]) -> bool:
        with _small_pictures((Axis, "draw"), *stand_ins):
            frames, frames_turned_over = contents(losses), contents(losses.flip(0))
            return bool(frames) and not frames & frames_turned_over

    try:
        return compare((Figure, "colorbar"), *((Axis, name) for name in TICKS))
    except Exception:  # noqa: BLE001  it has used what is missing, or would raise anyway
        return compare()


def _files(directory: str) -> list[Path]:
    return sorted(file for file in Path(directory).iterdir() if file.is_file())


def _looked_at(
    look: Callable[[Any, list[Path], Any], Any], save_frames: Callable[..., Any], *arguments: Any, draws: bool = True
) -> Any:
    """Let a function save its frames, and return what ``look`` says of its result, the files, and the points in them.

    What it draws beside the path takes most of the time and is not looked at, so there are stand-ins for it, and for
    all axes where the points are not looked at either; whoever uses more of them than they can do gets the real ones.
    """
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from mpl_toolkits.mplot3d import Axes3D

    def call(*stand_ins: tuple[type, str]) -> Any:
        with tempfile.TemporaryDirectory() as directory, _blank_pictures(*stand_ins) as points:
            returned = save_frames(*arguments, directory)
            return look(returned, _files(directory), points)

    unseen = [(kind, name) for kind in (Axes, Axes3D) for name in LANDSCAPES] + [(Axis, name) for name in TICKS]
    if not draws:
        unseen = [(Figure, "add_subplot")]
    try:
        return call((Figure, "colorbar"), *unseen)
    except Exception:  # noqa: BLE001  the same
        return call()


class StandIn:
    """In the place of what a drawing method returns: whatever is asked of it gives the same again."""

    def __getattr__(self, _name: str) -> Self:
        """Return itself as any attribute."""
        return self

    def __call__(self, *_args: object, **_kwargs: object) -> Self:
        """Return itself as the result of any method."""
        return self

    def __iter__(self) -> Iterator[Self]:
        """Yield itself once: who plots one line gets a list of one."""
        yield self

    def __bool__(self) -> bool:
        """Refuse: a loop that goes on while there are lines would never end."""
        raise TypeError("this stands in for something that has a truth value")


@contextmanager
def _blank_pictures(*stand_ins: tuple[type, str]) -> Iterator[dict[str, set[tuple[float, float]]]]:
    """Save every figure as an empty picture meanwhile.

    What the pictures would show is noted: by the name of the file, the points ``(x, y)`` of all lines and scatters.
    """
    from matplotlib.backend_bases import FigureCanvasBase
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    noted: dict[str, set[tuple[float, float]]] = {}

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)  # matplotlib looks at its parameters
        def write(canvas: FigureCanvasBase, filename: Any, *args: Any, **kwargs: Any) -> Any:
            result = method(canvas, filename, *args, **kwargs)
            name = Path(str(getattr(filename, "name", filename))).name
            # matplotlib adds the ending that a name lacks.
            noted[name if "." in name else f"{name}.png"] = {
                point for axes in canvas.figure.axes for point in _points(axes)
            }
            return result

        return write

    # A canvas of Agg writes a PNG by itself too. setattr, because mypy refuses to assign to a method.
    writers = [(FigureCanvasBase, "print_figure"), (FigureCanvasAgg, "print_png")]
    originals = [getattr(owner, name) for owner, name in writers]
    for (owner, name), method in zip(writers, originals, strict=True):
        setattr(owner, name, noting(method))
    try:
        with _small_pictures((Figure, "draw"), *stand_ins):
            yield noted
    finally:
        for (owner, name), method in zip(writers, originals, strict=True):
            setattr(owner, name, method)


@contextmanager
def _small_pictures(*stand_ins: tuple[type, str]) -> Iterator[None]:
    """Let small pictures be saved meanwhile, with stand-ins for some methods; close all figures in the end."""
    import matplotlib
    import matplotlib.pyplot as plt

    stand_in = StandIn()
    originals = [(owner, name, owner.__dict__.get(name)) for owner, name in stand_ins]
    for owner, name in stand_ins:
        setattr(owner, name, stand_in)
    try:
        with matplotlib.rc_context(SMALL):
            yield
    finally:
        for owner, name, method in originals:
            if method is None:
                delattr(owner, name)  # it is inherited
            else:
                setattr(owner, name, method)
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
