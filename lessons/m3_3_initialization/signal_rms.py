"""signal_rms must follow the signal through the layers and measure it after each of them."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, largest, matrices, predict, variant

from .shared import WEIGHTS, X, depth_nets

Net = tuple[list[Tensor], Tensor]
"""The weights of the layers, and x."""

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "identity": lambda z: z,
    "relu": lambda z: max(0.0, z),
    "tanh": math.tanh,
}
names = st.sampled_from(sorted(FUNCTIONS))
LAYER: Net = ([torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.0, 1.5]])], torch.tensor([[2.0, 0.5], [-1.0, 1.5]]))
# As many inputs as units: a weight that is not transposed raises nothing here.
SQUARE: Net = (
    [torch.tensor([[1.0, -2.0], [0.5, 3.0]]), torch.tensor([[0.5, 1.0], [-1.5, 2.0]])],
    torch.tensor([[2.0, 0.5], [-1.0, 1.5], [0.25, 3.0]]),
)
DEEP: Net = (WEIGHTS, X)
# Its rows and columns are orthogonal and have length 1.
TURN = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0], [1.0, -1.0, -1.0, 1.0]]) / 2


def _sizes(weights: list[Tensor], x: Tensor) -> Tensor:
    """Return the natural size of the signal after each layer: no sum of products is larger."""
    size, sizes = largest(x), []
    for weight in weights:
        size *= max(sum(map(abs, row)) for row in weight.tolist())
        sizes.append(size)
    return torch.tensor(sizes, dtype=torch.float64) + 1e-30


def _plain(weights: list[Tensor], x: Tensor, activation: str) -> list[float]:
    """Return the root mean squares, in plain Python."""
    rows, found = x.tolist(), []
    for weight in weights:
        sums = [[sum(w * h for w, h in zip(unit, row, strict=True)) for unit in weight.tolist()] for row in rows]
        rows = [[FUNCTIONS[activation](z) for z in row] for row in sums]
        squares = [h * h for row in rows for h in row]
        found.append(math.sqrt(sum(squares) / len(squares)))
    return found


@given(net=depth_nets(depth=1), activation=names)
@example(net=([torch.tensor([[2.0]])], torch.tensor([[3.0]])), activation="identity")
@example(net=LAYER, activation="identity")
@example(net=LAYER, activation="relu")
@example(net=LAYER, activation="tanh")
def test_one_layer(signal_rms: StudentFunction, net: Net, activation: str) -> None:
    """With a single layer, the entry is the root of the mean square of its outputs, over all samples and units.

    Multiply, apply the activation, square, average, take the root. The expected values come from plain Python.
    """
    assert_close(signal_rms(*net, activation), _plain(*net, activation), scale=_sizes(*net))


@given(net=depth_nets(), activation=names)
@example(net=SQUARE, activation="identity")
@example(net=SQUARE, activation="relu")
@example(net=DEEP, activation="relu")
@example(net=DEEP, activation="tanh")
def test_every_layer(signal_rms: StudentFunction, net: Net, activation: str) -> None:
    """There is one entry for each layer, and each layer gets what the one before gives to it.

    The expected values come from plain Python.
    """
    assert_close(signal_rms(*net, activation), _plain(*net, activation), scale=_sizes(*net))


@given(net=depth_nets(), activation=names)
@example(net=DEEP, activation="relu")
def test_first_layers(signal_rms: StudentFunction, net: Net, activation: str) -> None:
    """A network without its last layer has the same entries, without the last one.

    Nothing goes back from a layer to those before it.
    """
    weights, x = net
    whole, shorter = signal_rms(weights, x, activation), signal_rms(weights[:-1], x, activation)
    says = f"Without the last layer the entries are {list(shorter)}, and with it {list(whole)}."
    assert_close(list(shorter), list(whole)[:-1], scale=_sizes(weights[:-1], x), says=says)


@given(net=depth_nets(), activation=st.sampled_from(["identity", "relu"]), factor=st.sampled_from([0.5, 2.0, 4.0]))
@example(net=DEEP, activation="relu", factor=0.5)
@example(net=SQUARE, activation="identity", factor=2.0)
def test_powers(signal_rms: StudentFunction, net: Net, activation: str, factor: float) -> None:
    """With all weights times c, the signal is c times as large after one layer, c^2 after two, c^3 after three.

    For ReLU that holds for c > 0. So weights that are a little too large or too small do much harm in a deep network.
    """
    weights, x = net
    scaled = signal_rms([factor * weight for weight in weights], x, activation)
    powers = torch.tensor([factor ** (k + 1) for k in range(len(weights))], dtype=torch.float64)
    expected = powers * torch.tensor(list(signal_rms(weights, x, activation)), dtype=torch.float64)
    says = f"All weights times {factor}: the entries are {list(scaled)}, expected {expected.tolist()}."
    assert_close(scaled, expected, scale=powers * _sizes(weights, x), says=says)


@given(x=matrices((1, 4), 4), depth=st.integers(1, 4))
@example(x=torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.5, -1.0, 0.0, 2.0]]), depth=3)
def test_turned(signal_rms: StudentFunction, x: Tensor, depth: int) -> None:
    """Weights that only turn and mirror keep the size of the signal, if there is no activation.

    The rows of such a weight are orthogonal and have length 1, and so the length of every sample stays.
    """
    size = float(x.double().square().mean().sqrt())
    says = f"The root mean square of x is {size:.4g}, and these weights must not change it."
    assert_close(signal_rms([TURN] * depth, x, "identity"), [size] * depth, scale=1e-30 + 4 * largest(x), says=says)


@given(net=depth_nets(depth=1))
@example(net=LAYER)
@example(net=SQUARE)
def test_half(signal_rms: StudentFunction, net: Net) -> None:
    """With -x beside every sample x, a layer with ReLU has exactly half of the mean square that it has without.

    Of z and -z ReLU keeps one and makes the other 0. He's rule has its factor 2 from here. All later layers are left
    out.
    """
    weights, x = net
    both = torch.cat([x, -x])
    half, whole = (float(signal_rms(weights[:1], both, name)[0]) for name in ("relu", "identity"))
    says = f"Squared, your entry is {half**2:.4g} with ReLU and {whole**2:.4g} without."
    assert_close(half**2, whole**2 / 2, scale=_sizes(weights[:1], x) ** 2, says=says)


@given(net=depth_nets())
@example(net=DEEP)
def test_at_most_one(signal_rms: StudentFunction, net: Net) -> None:
    """With tanh no entry is above 1, however large the weights are.

    tanh is between -1 and 1. That is why a tanh network never overflows: with large weights its units saturate.
    """
    weights, x = net
    entries = signal_rms([8 * weight for weight in weights], x, "tanh")
    assert_at_most(list(entries), 1.0, slack=1e-5, says="With tanh, an entry is above 1.")


@predict(
    answer="About 0.005",
    because="ReLU and a sum do not care about the scale, so every layer multiplies the signal by 0.9 once more, and"
    " 0.9 to the power 50 is 0.005.",
    otherwise={
        "About 0.9": "That is the signal after one layer. The next layer gets this smaller signal, and makes it smaller"
        " again.",
        "About 0.1": "10 percent of 50 layers would be much more than everything: the factors multiply, and do not add"
        " up.",
        "About 1: He's rule keeps it": "He's rule keeps the signal with its own standard deviation, and only with it:"
        " nothing in the network corrects another one.",
    },
)
def too_small(signal_rms: Callable[..., list[float]]) -> dict[str, list[float]]:
    """A ReLU network has 50 layers of 128 units. With He's rule the size of its signal stays about 1.

    Now every weight is 10 % smaller. How large is the signal after 50 layers, compared with He's rule?
    """
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(128, 128, generator=generator) / 8 for _ in range(50)]
    x = torch.randn(50, 128, generator=generator)
    exact, smaller = (signal_rms([c * weight for weight in weights], x, "relu") for c in (1.0, 0.9))
    shares = [small / whole for small, whole in zip(smaller, exact, strict=True)]
    assert 0.004 < shares[-1] < 0.006
    return {"layer": [float(layer) for layer in range(1, 51)], "share of the signal with He's rule": shares}


# Right answers in other styles


@variant
def by_linear(weights: list[Tensor], x: Tensor, activation: str) -> list[float]:
    """functional.linear, the functions of torch by name, and a norm."""
    sizes: list[float] = []
    for weight in weights:
        x = torch.nn.functional.linear(x, weight)
        x = x if activation == "identity" else getattr(torch, activation)(x)
        sizes.append(float(torch.linalg.vector_norm(x)) / math.sqrt(x.numel()))
    return sizes


@variant
def module(weights: list[Tensor], x: Tensor, activation: str) -> list[Tensor]:
    """Layers of torch.nn, with hooks that measure; the entries are tensors."""
    kinds = {"identity": torch.nn.Identity, "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}
    layers: list[torch.nn.Module] = []
    for weight in weights:
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        linear.weight = torch.nn.Parameter(weight.clone())
        layers += [linear, kinds[activation]()]
    sizes: list[Tensor] = []
    with torch.no_grad():
        for layer in layers[1::2]:
            layer.register_forward_hook(lambda _m, _i, out: sizes.append(out.pow(2).mean().sqrt()))
        torch.nn.Sequential(*layers)(x)
    return sizes


@variant
def numpy(weights: list[Tensor], x: Tensor, activation: str) -> list[float]:
    """NumPy in float64, with samples as columns."""
    h, sizes = x.numpy().astype(np.float64).T, []
    for weight in weights:
        h = weight.numpy() @ h
        h = {"identity": h, "relu": np.maximum(h, 0), "tanh": np.tanh(h)}[activation]
        sizes.append(float(np.sqrt(np.mean(h**2))))
    return sizes


@variant
def recursive(weights: list[Tensor], x: Tensor, activation: str) -> list[float]:
    """The first layer, then the network of all others."""
    if not weights:
        return []
    z = torch.einsum("ni,oi->no", x, weights[0])
    h = z.clamp(min=0) if activation == "relu" else z.tanh() if activation == "tanh" else z
    return [((h**2).sum() / h.numel()).item() ** 0.5, *recursive(weights[1:], h, activation)]


@variant
def float32(weights: list[Tensor], x: Tensor, activation: str) -> Tensor:
    """float32 throughout, in place; the result is a tensor."""
    sizes, h = torch.zeros(len(weights), dtype=torch.float32), x.float()
    for k, weight in enumerate(weights):
        h = torch.mm(h, weight.t())
        if activation == "relu":
            h.relu_()
        elif activation == "tanh":
            h.tanh_()
        sizes[k] = torch.sqrt(torch.mean(h * h))
    return sizes
