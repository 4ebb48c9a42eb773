"""The figure of the lesson that readers of the page can move."""

import torch

from grader.authoring import Handle, Moves, Panel, Scene, Slider, StudentFunction, curve, dots, heights, interactive

X = torch.linspace(-1, 1, 40)
Y = 2 * X + 1 + 0.3 * torch.randn(40, generator=torch.Generator().manual_seed(0))
# The curvatures of the loss along w and along b: the mean of x is 0, so the Hessian is diagonal.
LAMBDA_W, LAMBDA_B = 2 * float((X**2).mean()), 2.0
BEST_W = float((X * Y).mean() / (X**2).mean())
BEST_B = float(Y.mean())
WEIGHTS, BIASES = (-0.5, 4.5), (-1.5, 3.5)
LOWEST = 1e-6


@interactive(
    still="four_rates.svg",
    lr=Slider(0.01, 1.2, start=0.3, says="learning rate", log=True),
    steps=Slider(0, 40, start=20, says="steps", step=1),
    w=Slider(-0.5, 4.5, start=0.0, says="w at the start"),
    b=Slider(-1.5, 3.5, start=0.0, says="b at the start"),
)
def factors(gradient_step: StudentFunction, lr: float, steps: float, w: float, b: float) -> Scene:
    """One learning rate, two factors.

    A step multiplies the distance to the bottom by 1 - lr λ, once for each direction. Find the learning rate at which
    both factors have the same size. Then look for the one at which the first of them leaves the band between -1 and 1.
    """
    path = [(w, b)]
    for _ in range(int(steps)):
        path.append(gradient_step(X, Y, *path[-1], lr))
    walked = torch.tensor(path)
    ws, bs = torch.linspace(*WEIGHTS, 40), torch.linspace(*BIASES, 40)
    # The loss above the lowest is a sum of two squares.
    above = LAMBDA_W / 2 * (ws[None, :] - BEST_W) ** 2 + LAMBDA_B / 2 * (bs[:, None] - BEST_B) ** 2
    landscape = Panel(
        title="the walk",
        x=WEIGHTS,
        y=BIASES,
        x_label="weight w",
        y_label="bias b",
        marks=(
            heights(above.sqrt(), WEIGHTS, BIASES, "root of the loss above the lowest"),
            curve(walked[:, 0], walked[:, 1], dots=True, name="descent"),
            dots([BEST_W], [BEST_B], "optimum", "the best line"),
            Handle(w, b, (Moves("w", "x"), Moves("b", "y")), "the start"),
        ),
    )
    times = range(len(path))
    distances = Panel(
        title="distance to the bottom",
        x=(0.0, max(1.0, steps)),
        y=(LOWEST, 100.0),
        x_label="step",
        y_label="distance, logarithmic",
        y_log=True,
        marks=(
            curve(times, [abs(each - BEST_W) or LOWEST for each, _ in path], "model", "along w", dots=True),
            curve(times, [abs(each - BEST_B) or LOWEST for _, each in path], "other", "along b", dots=True),
        ),
    )
    by_w, by_b = 1 - lr * LAMBDA_W, 1 - lr * LAMBDA_B
    return Scene(
        (landscape, distances),
        f"Each step multiplies the distance along w by 1 - {lr:.3g} · {LAMBDA_W:.3g} = {by_w:.3g} and along b by"
        f" 1 - {lr:.3g} · {LAMBDA_B:.3g} = {by_b:.3g}{_verdict(by_w, by_b)}",
    )


def _verdict(by_w: float, by_b: float) -> str:
    if max(abs(by_w), abs(by_b)) > 1:
        return ": one of them is longer than 1, and the walk leaves the map."
    if by_b < 0:
        return ": along b it jumps across the bottom and back."
    return "."
