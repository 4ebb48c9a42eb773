"""What must hold of save_frames in lesson 1.4."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Self

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from grader.authoring import (
    CheckFailed,
    StudentFunction,
    driver,
    variant,
)

from .shared import PATH, SQUARE, WIDE


def test_one_file_for_each_point(save_frames: StudentFunction) -> None:
    """There is one PNG file in the directory for every point of the path.

    A path of n steps has n + 1 points, and the movie begins before the first step.
    """
    path = PATH[:2]
    found = save_frames.drive("number_of_frames", *WIDE, path)
    if found["files"] != len(path):
        says = f"The path has {len(path)} points, and the number of files is {found['files']}."
        raise CheckFailed(says, found["files"], len(path))
    if found["pictures"] != len(path):
        says = f"Of {len(path)} files, the number of PNG pictures is {found['pictures']}."
        raise CheckFailed(says, found["pictures"], len(path))


def test_names_in_order(save_frames: StudentFunction) -> None:
    """The names of the files are returned in the order of the frames, and sorting them keeps that order.

    Programs that join pictures to a movie take them in the order of their names, and as text "10" comes before "2".
    That shows on a path of eleven points.
    """
    path = [(k / 8, k / 8) for k in range(11)]
    places = save_frames.drive("places_of_names", *WIDE, path)
    if -1 in places:
        raise CheckFailed("A name was returned that no file in the directory has.", places, list(range(11)))
    if places != list(range(11)):
        says = "Sorted, the names are in another order than the frames. These are their places in the sorted directory:"
        raise CheckFailed(says, places, list(range(11)))


def test_path_so_far(save_frames: StudentFunction) -> None:
    """Frame k shows the first k + 1 points of the path and none of the later ones.

    So the path grows from frame to frame. The points are those of the lines and scatters in the figure at the moment
    when it is saved, by their numbers in the path.
    """
    shown = save_frames.drive("points_in_frames", *SQUARE, PATH[:3])
    wanted = ["0", "0 1", "0 1 2"]
    if shown != wanted:
        raise CheckFailed("The frames do not show just these points of the path, by their numbers:", shown, wanted)


def test_landscape_below(save_frames: StudentFunction) -> None:
    """Every frame shows the landscape: other losses give another picture.

    Without the hills a path is a line in the void, and nobody sees that it leads down.
    """
    if not save_frames.drive("landscape_in_frames", *WIDE, PATH[:2]):
        raise CheckFailed("With the losses turned over, a frame is the same picture as before.")


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


@driver
def number_of_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> dict[str, int]:
    """Return how many files there are after the call, and how many of them are PNG pictures."""

    def look(_returned: Any, files: list[Path], _points: object) -> dict[str, int]:
        pictures = [file for file in files if file.read_bytes().startswith(PNG_HEAD)]
        return {"files": len(files), "pictures": len(pictures)}

    found: dict[str, int] = _looked_at(look, save_frames, w_values, b_values, losses, path, draws=False)
    return found


@driver
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


@driver
def points_in_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> list[str]:
    """Return for each file, in the order of the names, the numbers of the points of the path that its picture shows."""

    def look(_returned: Any, files: list[Path], points: dict[str, set[tuple[float, float]]]) -> list[str]:
        shown = [points.get(file.name, set()) for file in files]
        return [" ".join(str(k) for k, point in enumerate(path) if point in each) for each in shown]

    frames: list[str] = _looked_at(look, save_frames, w_values, b_values, losses, path)
    return frames


@driver
def landscape_in_frames(
    save_frames: SaveFrames, w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> bool:
    """Return whether every frame becomes another picture when the losses are turned over.

    The pictures have neither ticks nor a colour bar, which would take most of the time.
    """
    from matplotlib.axis import Axis

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


@variant
def one_figure(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """One figure for all frames, whose line grows; the full paths of the files are returned."""
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.contourf(w_values.numpy(), b_values.numpy(), losses.numpy().T)
    (line,) = axes.plot([], [], "ro-")
    files = []
    for k in range(len(path)):
        line.set_data([w for w, _ in path[: k + 1]], [b for _, b in path[: k + 1]])
        file = Path(directory) / f"step{k:04d}.png"
        figure.savefig(file, dpi=50)
        files.append(str(file))
    plt.close(figure)
    return files


@variant
def dot_after_dot(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """A dot more for each frame, on coloured cells, and the names are read from the folder."""
    figure, axes = plt.subplots()
    axes.pcolormesh(w_values.numpy(), b_values.numpy(), losses.T.numpy(), shading="nearest")
    for k, (w, b) in enumerate(path):
        axes.scatter([w], [b], color="red")
        figure.savefig(Path(directory) / f"frame-{k:02d}.png")
    plt.close(figure)
    return sorted(file.name for file in Path(directory).glob("*.png"))


@variant
def surface(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """A movie over the surface in three dimensions."""
    w_grid, b_grid = torch.meshgrid(w_values, b_values, indexing="ij")
    names = []
    for number in range(1, len(path) + 1):
        figure = plt.figure(figsize=(3, 3))
        axes = figure.add_subplot(projection="3d")
        axes.plot_surface(w_grid.numpy(), b_grid.numpy(), losses.numpy(), cmap="viridis", alpha=0.6)
        seen = path[:number]
        axes.plot([w for w, _ in seen], [b for _, b in seen], [float(losses.max())] * number, "r.-")
        names.append(f"{number:05}.png")
        figure.savefig(Path(directory) / names[-1])
        plt.close(figure)
    return names
