"""A matplotlib figure as plain data, without any matplotlib objects.

Figures do not cross the trust boundary. The worker describes its figure as a Picture, the trusted side does the same
with the reference's, and a check compares the two. matplotlib is imported only if a figure exists.
"""

import copy
import functools
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MESH_METHODS = ("contour", "contourf", "pcolormesh", "imshow", "plot_surface")
"""Drawing methods whose data no artist keeps: it is recorded at the call."""

COLOUR_BAR = "<colorbar>"
"""matplotlib's label for the axes that it adds for a colour bar."""

_MESHES = "_recorded_meshes"


@dataclass(frozen=True)
class Curve:
    """A line or a scatter: coordinates of shape (n,), and its entry in the legend."""

    xs: Tensor
    ys: Tensor
    zs: Tensor | None = None
    label: str = ""

    def is_sound(self) -> bool:
        """Whether all axes have the same number of entries, as readers of a curve assume."""
        coordinates = [self.xs, self.ys] if self.zs is None else [self.xs, self.ys, self.zs]
        return all(_is_real(each) and each.ndim == 1 and len(each) == len(self.xs) for each in coordinates)


@dataclass(frozen=True)
class Mesh:
    """Values over a plane, as passed to ``kind`` (one of MESH_METHODS)."""

    kind: str
    xs: Tensor
    """Shape (columns,) or (rows, columns)."""
    ys: Tensor
    """Shape (rows,) or (rows, columns)."""
    values: Tensor
    """Shape (rows, columns)."""

    def is_sound(self) -> bool:
        """Whether the coordinates fit the values, as readers of a mesh assume.

        An axis may have one coordinate more than values, since cells may be given by their edges.
        """
        xs, ys, values = self.xs, self.ys, self.values
        if self.kind not in MESH_METHODS or values.ndim != 2 or not all(map(_is_real, (xs, ys, values))):
            return False
        if xs.ndim == 1 and ys.ndim == 1:
            sizes = len(ys), len(xs)
        elif xs.ndim == 2 and xs.shape == ys.shape:
            sizes = xs.shape[0], xs.shape[1]
        else:
            return False
        return all(size - number in (0, 1) for size, number in zip(sizes, values.shape, strict=True))

    def at_points(self) -> list[tuple[float, float, float]]:
        """Every drawn value as (x, y, value), however the coordinates were given.

        One-dimensional coordinates follow matplotlib's rule: rows of the values belong to y, columns to x.
        """
        xs, ys = self.xs, self.ys
        if xs.ndim == 1 and ys.ndim == 1:
            xs, ys = torch.meshgrid(xs, ys, indexing="xy")
        rows, columns = self.values.shape
        entries = (each[:rows, :columns].flatten().tolist() for each in (xs, ys, self.values))
        return list(zip(*entries, strict=True))


@dataclass(frozen=True)
class Axes:
    """One coordinate system of a figure."""

    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    zlabel: str = ""
    projection: str = "rectilinear"
    """matplotlib's name: ``rectilinear`` is flat, ``3d`` is a surface."""
    curves: tuple[Curve, ...] = ()
    meshes: tuple[Mesh, ...] = ()
    legend: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """Everything that a figure shows."""

    axes: tuple[Axes, ...] = ()
    shown: bool = field(default=False)
    """Whether ``plt.show()`` was called while the figure was drawn."""


def record_meshes() -> None:
    """Make matplotlib record the data of MESH_METHODS and the calls of ``plt.show``; idempotent."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.axes
    import matplotlib.pyplot as plt
    from mpl_toolkits.mplot3d import Axes3D

    for owner in (matplotlib.axes.Axes, Axes3D):
        for name in MESH_METHODS:
            method = owner.__dict__.get(name)
            if method is not None and not hasattr(method, _MESHES):
                setattr(owner, name, _recording(name, method))
    if not hasattr(plt.show, _MESHES):

        def show(*_args: object, **_kwargs: object) -> None:
            for number in plt.get_fignums():
                setattr(plt.figure(number), _MESHES, True)

        setattr(show, _MESHES, True)
        plt.show = show


@functools.cache
def draw_once() -> None:
    """Draw a first figure now: what matplotlib imports for it takes as long as the figure itself."""
    import matplotlib.pyplot as plt

    drawn, axes = plt.subplots()
    drawn.colorbar(axes.contourf([[0, 1], [1, 2]]))
    drawn.savefig(io.BytesIO(), format="png")
    plt.close(drawn)


def _recording(kind: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def draw(axes: Any, *args: Any, **kwargs: Any) -> Any:
        # Copied, since the caller may change the values later. Read before the call, since a method of 3D axes calls
        # the flat one, which would be recorded too.
        before = getattr(axes, _MESHES, [])
        values = (*args, *(kwargs[name] for name in "XYZ" if name in kwargs))
        call = kind, tuple(_copied(value) for value in values), dict(kwargs)
        result = method(axes, *args, **kwargs)
        setattr(axes, _MESHES, [*before, call])
        return result

    setattr(draw, _MESHES, True)
    return draw


def _copied(value: Any) -> Any:
    # deepcopy fails on a tensor with gradients, for which matplotlib has the better message.
    return value.detach().clone() if isinstance(value, Tensor) else copy.deepcopy(value)


def describe(figure: "Figure") -> Picture:
    """Return what a figure shows; colours, sizes, fonts and colour bars are left out."""
    return Picture(
        axes=tuple(_describe_axes(axes) for axes in figure.axes if axes.get_label() != COLOUR_BAR),
        shown=bool(getattr(figure, _MESHES, False)),
    )


def _describe_axes(axes: Any) -> Axes:
    legend = axes.get_legend()
    is_3d = axes.name == "3d"
    curves = []
    for line in axes.get_lines():
        xs, ys, *zs = (_tensor(values) for values in (line.get_data_3d() if is_3d else line.get_data(orig=False)))
        curves.append(Curve(xs, ys, zs[0] if zs else None, _text(line)))
    for collection in axes.collections:
        if type(collection).__name__ == "Path3DCollection":
            x, y, z = map(_tensor, collection._offsets3d)  # noqa: SLF001  matplotlib has no public access
            curves.append(Curve(x, y, z, _text(collection)))
        elif type(collection).__name__ == "PathCollection":
            offsets = _tensor(collection.get_offsets())
            curves.append(Curve(offsets[:, 0], offsets[:, 1], label=_text(collection)))
    return Axes(
        title=axes.get_title(),
        xlabel=axes.get_xlabel(),
        ylabel=axes.get_ylabel(),
        zlabel=axes.get_zlabel() if is_3d else "",
        projection=axes.name,
        curves=tuple(curve for curve in curves if curve.is_sound()),
        meshes=tuple(mesh for mesh in (_mesh(*call) for call in getattr(axes, _MESHES, [])) if mesh is not None),
        legend=tuple(text.get_text() for text in legend.get_texts()) if legend is not None else (),
    )


def _mesh(kind: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Mesh | None:
    """Return the arguments of a drawing method as a Mesh, or None if their form is unknown."""
    arrays = [argument for argument in args if hasattr(argument, "__len__") and not isinstance(argument, str)]
    if kind == "plot_surface" or len(arrays) >= 3:
        xs, ys, values = _spread(kind, *(_tensor(argument) for argument in args[:3]))
    elif arrays:
        values = _tensor(arrays[0])
        if values.ndim != 2:
            return None
        rows, columns = values.shape
        left, right, bottom, top = kwargs.get("extent") or (0, columns - 1, 0, rows - 1)
        if kind == "imshow" and kwargs.get("extent") and kwargs.get("origin") != "lower":
            bottom, top = top, bottom
        xs = torch.linspace(left, right, columns, dtype=torch.float64)
        ys = torch.linspace(bottom, top, rows, dtype=torch.float64)
    else:
        return None
    mesh = Mesh(kind, xs, ys, values)
    return mesh if mesh.is_sound() else None


def _spread(kind: str, xs: Tensor, ys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the arguments as the drawing method reads them: two methods take coordinates of different shapes."""
    if kind == "plot_surface":
        xs, ys, values = torch.broadcast_tensors(xs, ys, values)
    elif kind == "pcolormesh" and xs.ndim != ys.ndim:
        rows, columns = len(ys), xs.shape[-1]
        xs = xs if xs.ndim == 2 else xs.expand(rows, columns)
        ys = ys if ys.ndim == 2 else ys[:, None].expand(rows, columns)
    return xs, ys, values


def _is_real(tensor: Tensor) -> bool:
    return tensor.is_floating_point() and not tensor.requires_grad


def _tensor(values: Any) -> Tensor:
    import numpy as np

    return torch.tensor(np.asarray(values, dtype=np.float64))


def _text(artist: Any) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label
