"""The figure of the lesson that readers of the page can move."""

import math

import torch
from torch import Tensor

from grader.authoring import Choice, Panel, Scene, Slider, StudentFunction, curve, interactive

UNITS = 32
ROWS = 32
RANGE = (1e-6, 1e12)


@interactive(
    still="growth.svg",
    scale=Slider(0.02, 1.0, start=1.0, says="scale s of the branch", log=True),
    depth=Slider(1, 30, start=20, says="blocks", step=1),
    norm=Choice(("none", "pre", "post"), says="where the norm stands"),
)
def growth(residual_forward: StudentFunction, scale: float, depth: float, norm: str) -> Scene:
    """What a residual block adds.

    With s = 1 and no norm the signal explodes. Try s = 1 / √depth and s = 1 / depth, then put the norm first in the
    branch, and then after the sum: which of the two lets the gradient through?
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(ROWS, UNITS, generator=generator)
    weights = [torch.randn(UNITS, UNITS, generator=generator) * math.sqrt(2 / UNITS) for _ in range(int(depth))]
    sizes = [float(residual_forward(x, weights[:k], scale, norm).square().mean()) for k in range(int(depth) + 1)]
    blocks = range(int(depth) + 1)
    ends = (0.0, max(2.0, depth))
    forward = Panel(
        title="the signal",
        x=ends,
        y=RANGE,
        x_label="block",
        y_label="mean square",
        y_log=True,
        marks=(curve(blocks, sizes, dots=True),),
    )
    gradients = _gradients(x, weights, scale, norm)
    backward = Panel(
        title="the gradient",
        x=ends,
        y=RANGE,
        x_label="block",
        y_label="mean square, the last one's is 1",
        y_log=True,
        marks=(curve(blocks, gradients, "gradient", dots=True),),
    )
    said = f"After {int(depth)} blocks the mean square of the signal is {sizes[-1]:.3g} times 1"
    return Scene((forward, backward), f"{said}, and that of the gradient at the input is {gradients[0]:.3g}.")


def _gradients(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> list[float]:
    """Return the mean square of the gradient before each block and behind the last one, which has 1."""
    outputs = [x.clone().requires_grad_()]
    for weight in weights:
        seen = _rms_norm(outputs[-1]) if norm == "pre" else outputs[-1]
        after = outputs[-1] + scale * torch.relu(seen @ weight)
        outputs.append(_rms_norm(after) if norm == "post" else after)
        outputs[-1].retain_grad()
    generator = torch.Generator().manual_seed(1)
    outputs[-1].backward(torch.randn(x.shape, generator=generator))
    sizes = [float(each.grad.square().mean()) if each.grad is not None else math.nan for each in outputs]
    return [size / sizes[-1] for size in sizes]


def _rms_norm(x: Tensor) -> Tensor:
    return x / (x.square().mean(dim=1, keepdim=True) + 1e-8).sqrt()
