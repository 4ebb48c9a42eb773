"""The figure of the lesson that readers of the page can move."""

import math

import torch
from torch import Tensor

from grader.authoring import Choice, Panel, Scene, Slider, StudentFunction, curve, interactive

UNITS = 64
ROWS = 32
RANGE = (1e-9, 1e9)


@interactive(
    still="signal.svg",
    gain=Slider(0.3, 3.0, start=1.0, says="gain: the deviation of the weights, times √fan-in", log=True),
    depth=Slider(1, 40, start=20, says="layers", step=1),
    activation=Choice(("relu", "tanh", "identity"), says="activation"),
)
def signal(signal_rms: StudentFunction, gain: float, depth: float, activation: str) -> Scene:
    """The signal and the gradient through depth.

    Find the gain that keeps the signal at its size with the identity, and the one with ReLU. Then look at the gradient:
    with these gains it keeps its size as well. With tanh a large gain keeps the signal, too: what happens to the
    gradient?
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(ROWS, UNITS, generator=generator)
    weights = [torch.randn(UNITS, UNITS, generator=generator) * gain / math.sqrt(UNITS) for _ in range(int(depth))]
    sizes = signal_rms(weights, x, activation)
    layers = range(1, int(depth) + 1)
    ends = (0.0, max(2.0, depth))
    forward = Panel(
        title="the signal",
        x=ends,
        y=RANGE,
        x_label="layer",
        y_label="root of the mean square",
        y_log=True,
        marks=(curve(layers, _within(sizes), dots=True),),
    )
    backward = Panel(
        title="the gradient",
        x=ends,
        y=RANGE,
        x_label="layer",
        y_label="size against the last layer's",
        y_log=True,
        marks=(curve(layers, _within(_gradients(weights, x, activation)), "gradient", dots=True),),
    )
    grown = sizes[-1] / float(x.square().mean().sqrt())
    said = f"After {int(depth)} layers the signal is {grown:.2g} times as large as the input"
    return Scene((forward, backward), f"{said}; a layer multiplies it by about {grown ** (1 / depth):.3g}.")


def _gradients(weights: list[Tensor], x: Tensor, activation: str) -> list[float]:
    """Return the size of the gradient at the output of each layer, as a part of the last one's."""
    function = {"identity": torch.clone, "relu": torch.relu, "tanh": torch.tanh}[activation]
    h, outputs = x, []
    for weight in weights:
        h = function(h @ weight.T)
        outputs.append(h.requires_grad_() if not h.requires_grad else h)
        outputs[-1].retain_grad()
    h.backward(torch.ones_like(h))
    sizes = [float(each.grad.square().mean().sqrt()) if each.grad is not None else 0.0 for each in outputs]
    return [size / sizes[-1] for size in sizes]


def _within(sizes: list[float]) -> list[float]:
    """Return sizes that a logarithmic axis can show: a signal of 0 has none."""
    return [size if size > 0 else math.nan for size in sizes]
