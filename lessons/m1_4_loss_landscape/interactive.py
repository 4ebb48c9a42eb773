"""The figures of the lesson that readers of the page can move."""

import torch
from torch import Tensor

from grader.authoring import (
    Handle,
    Moves,
    Panel,
    Scene,
    Slider,
    StudentFunction,
    curve,
    dots,
    heights,
    interactive,
)

X = torch.linspace(-3, 3, 30)
Y = 2 * X + 1 + 0.5 * torch.randn(30, generator=torch.Generator().manual_seed(42))
WEIGHTS, BIASES = (-1.0, 5.0), (-8.0, 6.0)
CELLS = 40


@interactive(
    still="shear.gif",
    w=Slider(-1.0, 5.0, start=3.5, says="weight w"),
    b=Slider(-8.0, 6.0, start=2.5, says="bias b"),
    lr=Slider(0.005, 0.6, start=0.2, says="learning rate", log=True),
    steps=Slider(0, 60, start=0, says="steps of descent", step=1),
    shift=Slider(0.0, 3.0, start=0.0, says="how far the points move to the right"),
)
def walk(
    compute_grid: StudentFunction,
    run_descent: StudentFunction,
    w: float,
    b: float,
    lr: float,
    steps: float,
    shift: float,
) -> Scene:
    """Every line is a point on the map.

    Drag the line by one of its two handles, or the point on the map: each moves the other. Then take steps of descent
    from there. Move the points to the right, and watch the valley lean over and become narrow while no line fits them
    worse or better than before.
    """
    x = X + shift
    w_values, b_values = torch.linspace(*WEIGHTS, CELLS), torch.linspace(*BIASES, CELLS)
    losses = compute_grid(x, Y, w_values, b_values)
    path = run_descent(x, Y, w, b, lr, int(steps))
    w_end, b_end = path[-1]
    ends = torch.tensor([-3.5, 6.5])
    best = _best(x)
    loss = float(((w_end * x + b_end - Y) ** 2).mean())
    # Where the line is still inside of the picture, so that its handle can be caught.
    right = min(5.0, max(1.0, 8 / abs(w) if w else 5.0))
    line = Panel(
        title="the line",
        x=(-3.5, 6.5),
        y=(-9.0, 9.0),
        x_label="x",
        y_label="y",
        marks=(
            dots(x, Y, name="the points"),
            curve(ends, w * ends + b, name="the line at the start" if steps else "the line"),
            *([curve(ends, w_end * ends + b_end, "prediction", f"after {int(steps)} steps")] if steps else []),
            Handle(0.0, b, (Moves("b", "y"),), "the bias: the height of the line at x = 0"),
            Handle(
                right, w * right + b, (Moves("w", "y", -b / right, 1 / right),), "the weight: the slope of the line"
            ),
        ),
    )
    walked = torch.tensor(path)
    landscape = Panel(
        title="the map of all lines",
        x=WEIGHTS,
        y=BIASES,
        x_label="weight w",
        y_label="bias b",
        marks=(
            # The rows of the grid belong to the weights; on the map a row belongs to a bias.
            heights(losses.T.clamp(max=60).sqrt(), WEIGHTS, BIASES, "square root of the loss"),
            curve(walked[:, 0], walked[:, 1], dots=True, name="descent"),
            dots([best[0]], [best[1]], "optimum", "the best line"),
            Handle(w, b, (Moves("w", "x"), Moves("b", "y")), "the line as a point of the map"),
        ),
    )
    after = f"after {int(steps)} steps " if steps else ""
    return Scene(
        (line, landscape), f"The loss of the line {after}is {loss:.3g}; the lowest is {_loss_at(x, best):.3g}."
    )


def _best(x: Tensor) -> tuple[float, float]:
    w = float(((x - x.mean()) * (Y - Y.mean())).mean() / x.var(correction=0))
    return w, float(Y.mean() - w * x.mean())


def _loss_at(x: Tensor, line: tuple[float, float]) -> float:
    return float(((line[0] * x + line[1] - Y) ** 2).mean())
