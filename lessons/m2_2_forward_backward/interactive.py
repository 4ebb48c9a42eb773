"""The figure of the lesson that readers of the page can move."""

import math
from dataclasses import dataclass

from grader.authoring import Arrow, Note, Panel, Scene, Slider, interactive


@dataclass(frozen=True)
class Node:
    """A number of the graph: where it stands, its value, and its gradient."""

    name: str
    x: float
    y: float
    value: float
    gradient: float
    inputs: tuple[str, ...] = ()


def _graph(a: float, b: float) -> dict[str, Node]:
    """Return the graph of f = tanh(a * b + a)."""
    product = a * b
    total = product + a
    f = math.tanh(total)
    through = 1 - f**2
    nodes = (
        Node("a", 0.1, 0.75, a, through * b + through),
        Node("b", 0.1, 0.25, b, through * a),
        Node("a·b", 0.38, 0.35, product, through, ("a", "b")),
        Node("sum", 0.64, 0.6, total, through, ("a·b", "a")),
        Node("f", 0.9, 0.6, f, 1.0, ("sum",)),
    )
    return {node.name: node for node in nodes}


_BACKWARD = (
    ("f", "At f the gradient is 1: f moves as much as f."),
    ("sum", "tanh multiplies by 1 - f² = {through:.3g}."),
    ("a·b", "The sum passes the gradient on, to the product ..."),
    ("a", "... and to a, along the edge from a to the sum: so far {direct:.3g}."),
    ("b", "The product multiplies by the other factor: b gets {through:.3g} · a = {to_b:.3g}."),
    (
        "a",
        "And a gets {through:.3g} · b = {by_product:.3g} more. Two edges leave a, so its gradients add up: {to_a:.3g}.",
    ),
)


@interactive(
    still="graph.gif",
    a=Slider(-2.0, 2.0, start=1.0, says="a", step=0.1),
    b=Slider(-2.0, 2.0, start=-0.5, says="b", step=0.1),
    step=Slider(0, 6, start=0, says="steps back", step=1),
)
def graph(a: float, b: float, step: float) -> Scene:
    """The backward pass, one edge at a time.

    Values are blue and go from left to right. Move "steps back" to the right, and the gradients, orange, come from
    right to left. Watch the last step: two edges leave a, and two gradients come back to it.
    """
    nodes = _graph(a, b)
    through = 1 - nodes["f"].value ** 2
    numbers = {
        "through": through,
        "direct": through,
        "to_b": nodes["b"].gradient,
        "by_product": through * b,
        "to_a": nodes["a"].gradient,
    }
    known: dict[str, float] = {}
    for index, (name, _) in enumerate(_BACKWARD[: int(step)]):
        # The gradient along the edge from a to the sum comes first, the one through the product last.
        known[name] = through if (name, index) == ("a", 3) else nodes[name].gradient
    marks: list[Arrow | Note] = []
    for node in nodes.values():
        for name in node.inputs:
            start = nodes[name]
            marks.append(Arrow((start.x + 0.05, start.y), (node.x - 0.08, node.y), "known"))
    for node in nodes.values():
        marks.append(Note(node.x, node.y, node.name, "known", boxed=True))
        marks.append(Note(node.x, node.y - 0.12, f"{node.value:.3g}", "model"))
        if node.name in known:
            marks.append(Note(node.x, node.y + 0.12, f"{known[node.name]:.3g}", "gradient"))
    said = _BACKWARD[int(step) - 1][1].format(**numbers) if step else "The forward pass is done: every value is known."
    return Scene((Panel(tuple(marks), (0.0, 0.0), (0.0, 0.0), title="f = tanh(a · b + a)"),), said)
