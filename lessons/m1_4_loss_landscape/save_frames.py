"""There is a PNG for every point of the path, named in order, that shows the landscape and the path so far."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Self, TypeVar

import matplotlib
import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import Axes3D
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, driver, variant

from .shared import PATH, SQUARE, WIDE, Pair, Walk


def test_one_file_for_each_point(save_frames: StudentFunction) -> None:
    """The directory holds one PNG file for every point of the path.

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
        raise CheckFailed("One of the returned names is not that of a file in the directory.", places, list(range(11)))
    if places != list(range(11)):
        says = "Sorted, the names are not in the order of the frames. These are their places in the sorted directory:"
        raise CheckFailed(says, places, list(range(11)))


def test_path_so_far(save_frames: StudentFunction) -> None:
    """Frame k shows the first k + 1 points of the path and none of the later ones.

    So the path grows from frame to frame. The points are those of the lines and scatters in the figure at the moment
    it is saved, by their numbers in the path.
    """
    shown = save_frames.drive("points_in_frames", *SQUARE, PATH[:3])
    expected = ["0", "0 1", "0 1 2"]
    if shown != expected:
        raise CheckFailed("The frames do not show just these points of the path, by their numbers:", shown, expected)


def test_landscape_below(save_frames: StudentFunction) -> None:
    """Every frame shows the landscape: other losses give another picture.

    Without the hills the path is a line in the void, and you cannot see that it leads down.
    """
    if not save_frames.drive("landscape_in_frames", *WIDE, PATH[:2]):
        raise CheckFailed("With the losses turned upside down, a frame is the same picture as before.")


# What runs beside the student's function. Drawing takes most of the time, and the checks look at little of it, so
# stand-ins replace the rest; where a function needs more than they can do, it is called again without them.

Result = TypeVar("Result")
StandIns = tuple[tuple[type, str], ...]
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
LANDSCAPES = ("contour", "contourf", "pcolormesh", "imshow", "plot_surface")
COLOUR_BAR: StandIns = ((Figure, "colorbar"),)
TICKS: StandIns = ((Axis, "grid"), (Axis, "set_clip_path"))
"""Methods of an axis for which it makes its ticks."""
TINY: dict[Any, Any] = {  # matplotlib has a type of its own that lists every name
    "figure.dpi": 10,
    "savefig.dpi": 10,
    "xtick.bottom": False,
    "xtick.labelbottom": False,
    "ytick.left": False,
    "ytick.labelleft": False,
}
"""Settings for small pictures without the numbers on the axes, which take long."""


@driver
def number_of_frames(save_frames: Callable[..., Any], *arguments: Any) -> dict[str, int]:
    """Return how many files there are after the call, and how many of them are PNG pictures."""

    def look(_returned: Any, files: list[Path], _points: object) -> dict[str, int]:
        return {"files": len(files), "pictures": sum(file.read_bytes().startswith(PNG_HEAD) for file in files)}

    return _looked_at(look, save_frames, arguments, draws=False)


@driver
def places_of_names(save_frames: Callable[..., Any], *arguments: Any) -> Any:
    """Return for each returned name its place among the sorted names of the files, or -1 where no file has it.

    A full path counts as the name of its file. Anything but a list of names is returned as it is.
    """

    def look(returned: Any, files: list[Path], _points: object) -> Any:
        if not isinstance(returned, (list, tuple)):
            return returned
        places = {file.name: place for place, file in enumerate(files)}
        return [places.get(Path(str(name)).name, -1) for name in returned]

    return _looked_at(look, save_frames, arguments, draws=False)


@driver
def points_in_frames(save_frames: Callable[..., Any], *arguments: Any) -> list[str]:
    """Return for each file, in the order of the names, the numbers of the points of the path that its picture shows."""

    def look(_returned: Any, files: list[Path], points: dict[str, set[Pair]]) -> list[str]:
        shown = [points.get(file.name, set()) for file in files]
        return [" ".join(str(k) for k, point in enumerate(arguments[-1]) if point in each) for each in shown]

    return _looked_at(look, save_frames, arguments)


@driver
def landscape_in_frames(
    save_frames: Callable[..., Any], w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk
) -> bool:
    """Return whether every frame becomes another picture when the losses are turned upside down."""

    def contents(landscape: Tensor) -> set[bytes]:
        with tempfile.TemporaryDirectory() as directory:
            save_frames(w_values, b_values, landscape, path, directory)
            return {file.read_bytes() for file in _files(directory)}

    def compare(stand_ins: StandIns = ()) -> bool:
        with _tiny_pictures(((Axis, "draw"), *stand_ins)):
            frames, frames_upside_down = contents(losses), contents(losses.flip(0))
            return bool(frames) and not frames & frames_upside_down

    try:
        return compare(COLOUR_BAR + TICKS)
    except Exception:  # noqa: BLE001  it has used what is missing, or would raise anyway
        return compare()


def _files(directory: str) -> list[Path]:
    return sorted(file for file in Path(directory).iterdir() if file.is_file())


def _looked_at(
    look: Callable[[Any, list[Path], Any], Result],
    save_frames: Callable[..., Any],
    arguments: tuple[Any, ...],
    *,
    draws: bool = True,
) -> Result:
    """Let a function save its frames, and return what ``look`` says of its result, the files, and the points in them.

    Where the points are not looked at either, ``draws=False`` puts a stand-in for all axes.
    """

    def call(stand_ins: StandIns = ()) -> Result:
        with tempfile.TemporaryDirectory() as directory, _blank_pictures(stand_ins) as points:
            returned = save_frames(*arguments, directory)
            return look(returned, _files(directory), points)

    landscapes = tuple((kind, name) for kind in (Axes, Axes3D) for name in LANDSCAPES)
    try:
        return call(COLOUR_BAR + landscapes + TICKS if draws else (*COLOUR_BAR, (Figure, "add_subplot")))
    except Exception:  # noqa: BLE001  the same
        return call()


class StandIn:
    """In the place of what a drawing method returns: every attribute, call and element of it is itself again."""

    def __getattr__(self, _name: str) -> Self:
        """Return itself as any attribute."""
        return self

    def __call__(self, *_args: object, **_kwargs: object) -> Self:
        """Return itself as the result of any method."""
        return self

    def __iter__(self) -> Iterator[Self]:
        """Yield itself once: plotting one line returns a list of one."""
        yield self

    def __bool__(self) -> bool:
        """Refuse: a loop that goes on while there are lines would never end."""
        raise TypeError("this stands in for something that has a truth value")


@contextmanager
def _blank_pictures(stand_ins: StandIns) -> Iterator[dict[str, set[Pair]]]:
    """Save every figure as an empty picture meanwhile.

    Yield what the pictures would show: by the name of the file, the points ``(x, y)`` of all lines and scatters.
    """
    noted: dict[str, set[Pair]] = {}

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)  # matplotlib looks at its parameters
        def write(canvas: FigureCanvasBase, filename: Any, *args: Any, **kwargs: Any) -> Any:
            result = method(canvas, filename, *args, **kwargs)
            name = Path(str(getattr(filename, "name", filename))).name
            # matplotlib adds the ending that a name lacks.
            noted[name if "." in name else f"{name}.png"] = {p for axes in canvas.figure.axes for p in _points(axes)}
            return result

        return write

    # A canvas of Agg writes a PNG by itself too.
    writers: StandIns = ((FigureCanvasBase, "print_figure"), (FigureCanvasAgg, "print_png"))
    noting_writers = {(owner, name): noting(getattr(owner, name)) for owner, name in writers}
    with _replaced(noting_writers), _tiny_pictures(((Figure, "draw"), *stand_ins)):
        yield noted


@contextmanager
def _tiny_pictures(stand_ins: StandIns) -> Iterator[None]:
    """Let small pictures be saved meanwhile, with stand-ins for some methods; close all figures in the end."""
    try:
        with _replaced(dict.fromkeys(stand_ins, StandIn())), matplotlib.rc_context(TINY):
            yield
    finally:
        plt.close("all")


@contextmanager
def _replaced(methods: dict[tuple[type, str], Any]) -> Iterator[None]:
    """Put others in the place of some methods meanwhile."""
    originals = [(owner, name, owner.__dict__.get(name)) for owner, name in methods]
    for (owner, name), method in methods.items():
        setattr(owner, name, method)
    try:
        yield
    finally:
        for owner, name, method in originals:
            if method is None:
                delattr(owner, name)  # it is inherited
            else:
                setattr(owner, name, method)


def _points(axes: Any) -> Iterator[Pair]:
    """Yield the points of all lines and scatters, on a plane or over a surface, without their heights."""
    for line in axes.get_lines():
        xs, ys = line.get_data_3d()[:2] if hasattr(line, "get_data_3d") else line.get_data(orig=False)
        yield from ((float(x), float(y)) for x, y in zip(xs, ys, strict=True))
    for collection in axes.collections:
        if type(collection).__name__ == "Path3DCollection":
            yield from ((float(x), float(y)) for x, y in zip(*collection._offsets3d[:2], strict=True))
        elif type(collection).__name__ == "PathCollection":
            yield from ((float(x), float(y)) for x, y in collection.get_offsets())


# Right answers in other styles


@variant
def one_figure(w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk, directory: str) -> list[str]:
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
def dot_after_dot(w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk, directory: str) -> list[str]:
    """One more dot for each frame, on coloured cells, and the names are read from the folder."""
    figure, axes = plt.subplots()
    axes.pcolormesh(w_values.numpy(), b_values.numpy(), losses.T.numpy(), shading="nearest")
    for k, (w, b) in enumerate(path):
        axes.scatter([w], [b], color="red")
        figure.savefig(Path(directory) / f"frame-{k:02d}.png")
    plt.close(figure)
    return sorted(file.name for file in Path(directory).glob("*.png"))


@variant
def surface(w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk, directory: str) -> list[str]:
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
