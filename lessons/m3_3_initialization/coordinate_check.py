"""coordinate_check must train with a learning rate for each layer, and compare the outputs of before and after."""

import math
from collections.abc import Callable

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_close,
    examples,
    largest,
    matrices,
    predict,
    variant,
)

from .shared import WEIGHTS, X, depth_nets

Case = tuple[list[Tensor], Tensor, Tensor, list[float]]
"""The weights, x, y and the learning rates."""

some_rates, some_steps = st.sampled_from([1 / 64, 1 / 32, 1 / 16]), st.integers(1, 3)

Y = torch.tensor([[1.0], [0.5], [-2.0], [1.5], [0.25]])
UNIT: Case = ([torch.tensor([[1.0]])], torch.tensor([[2.0]]), torch.tensor([[1.0]]), [0.125])
TINY: Case = ([torch.tensor([[0.5]]), torch.tensor([[2.0]])], torch.tensor([[1.0]]), torch.tensor([[0.5]]), [0.5, 0.25])
FULL: Case = (WEIGHTS, X, Y, [0.25, 0.125, 0.0625])
# Two outputs, and as many layers as inputs.
WIDE_END: Case = (
    [WEIGHTS[0], torch.tensor([[1.0, -0.5, 0.5], [0.25, 0.75, -1.0]])],
    X,
    torch.tensor([[1.0, -0.5], [0.5, 1.5], [-2.0, 0.75], [1.5, 1.0], [0.25, -1.0]]),
    [0.0625, 0.25],
)
PAIR: Case = (WIDE_END[0][:1], X[:2], torch.tensor([[1.0, 0.5, -0.5], [2.0, -1.0, 0.25]]), [0.125])


@st.composite
def cases(draw: st.DrawFn, depth: int | tuple[int, int] = (1, 3)) -> Case:
    """Draw a network, a batch and a learning rate for each layer."""
    weights, x = draw(depth_nets(depth))
    y = draw(matrices(len(x), len(weights[-1]), low=-2, high=2))
    return weights, x, y, [draw(some_rates) for _ in weights]


def _outputs(weights: list[Tensor], x: Tensor) -> list[Tensor]:
    """Return the outputs of each layer, in float64."""
    found, h = [], x.double()
    for k, weight in enumerate(weights):
        z = h @ weight.double().T
        h = z if k + 1 == len(weights) else z.tanh()
        found.append(h)
    return found


def _changes(case: Case, steps: int) -> tuple[list[float], list[float]]:
    """Return the changes, and their natural sizes, in float64."""
    weights, x, y, rates = case
    path = [weight.detach().double() for weight in weights]
    first = _outputs(path, x)
    ends = [1.0 + largest(output) for output in first]
    for _ in range(steps):
        leaves = [weight.requires_grad_() for weight in path]
        with torch.enable_grad():
            loss = ((_outputs(leaves, x)[-1] - y.double()) ** 2).mean()
            grads = torch.autograd.grad(loss, leaves)
        path = [(leaf - rate * grad).detach() for leaf, rate, grad in zip(leaves, rates, grads, strict=True)]
        ends = [max(end, 1.0 + largest(now)) for end, now in zip(ends, _outputs(path, x), strict=True)]
    last = _outputs(path, x)
    return [float((b - a).square().mean().sqrt()) for a, b in zip(first, last, strict=True)], ends


@examples(6)
@given(case=cases(depth=1))
@example(case=UNIT)
@example(case=PAIR)
def test_one_linear_layer(coordinate_check: StudentFunction, case: Case) -> None:
    """With one layer and one step, the outputs change by 2 lr / (N O) times the products of the samples and the errors.

    The gradient is a combination of the samples, so the change at a sample is the sum, over all samples, of the error
    there times the product of the two samples. A linear layer has no more to it, and it can be computed without
    training.
    """
    weights, x, y, (rate,) = case
    error = x.double() @ weights[0].double().T - y.double()
    moved = 2 * rate / y.numel() * x.double() @ x.double().T @ error
    expected, scale = float(moved.square().mean().sqrt()), 1 + largest(error) + largest(moved)
    assert_close(list(coordinate_check(*case, 1)), [expected], tolerance=PARAM32, scale=scale)


@examples(6)
@given(case=cases())
@example(case=FULL)
def test_no_steps(coordinate_check: StudentFunction, case: Case) -> None:
    """Without any step nothing changes, and every entry is 0.

    There is one entry for each layer.
    """
    returned = coordinate_check(*case, 0)
    assert_close(list(returned), [0.0] * len(case[0]), says=f"Without any step, your changes are {list(returned)}.")


@examples(6)
@given(case=cases(), steps=some_steps)
@example(case=TINY, steps=1)
@example(case=WIDE_END, steps=1)
@example(case=FULL, steps=1)
@example(case=FULL, steps=3)
def test_all_layers(coordinate_check: StudentFunction, case: Case, steps: int) -> None:
    """Each layer's change is that of a training with autograd in float64, with the learning rate of each layer.

    All gradients of a step belong to the same weights, and the outputs after the last step are compared with those
    before the first.
    """
    expected, scale = _changes(case, steps)
    assert_close(list(coordinate_check(*case, steps)), expected, tolerance=PARAM32, scale=torch.tensor(scale))


@examples(6)
@given(case=cases(depth=(2, 3)), held=st.integers(1, 2), steps=some_steps)
@example(case=TINY, held=1, steps=1)
@example(case=FULL, held=1, steps=1)
@example(case=FULL, held=2, steps=2)
def test_held(coordinate_check: StudentFunction, case: Case, held: int, steps: int) -> None:
    """If the first layers have the learning rate 0, their outputs do not change at all, and the others change alone.

    The first layers get the same inputs as before and have the same weights.
    """
    weights, x, y, rates = case
    held = min(held, len(weights) - 1)
    rates = [0.0] * held + rates[held:]
    returned = list(coordinate_check(weights, x, y, rates, steps))
    says = f"With the learning rates {rates}, your changes are {returned}."
    assert_close(returned[:held], [0.0] * held, says=says)
    expected, scale = _changes((weights, x, y, rates), steps)
    says = f"With the learning rates {rates}, your changes are {returned}, expected {expected}."
    assert_close(returned, expected, tolerance=PARAM32, scale=torch.tensor(scale), says=says)


def _copied(weights: list[Tensor], copies: int) -> list[Tensor]:
    """Return the same network with copies of every hidden unit, among which what goes out of it is shared."""
    wide = []
    for k, weight in enumerate(weights):
        part = weight if k == 0 else weight.repeat_interleave(copies, dim=1) / copies
        wide.append(part if k + 1 == len(weights) else part.repeat_interleave(copies, dim=0))
    return wide


@examples(6)
@given(case=cases(depth=(2, 3)), copies=st.sampled_from([2, 4]), steps=some_steps)
@example(case=TINY, copies=2, steps=1)
@example(case=FULL, copies=2, steps=2)
@example(case=WIDE_END, copies=4, steps=1)
def test_copies(coordinate_check: StudentFunction, case: Case, copies: int, steps: int) -> None:
    """With c copies of every hidden unit, c times the first learning rate and 1/c of the last, nothing differs.

    The copies share the weights that go out of them, so the wide network says what the narrow one says. It also learns
    what that one learns, if the learning rates follow: that is muP's rule for gradient descent.
    """
    weights, x, y, rates = case
    narrow, scale = list(coordinate_check(*case, steps)), _changes(case, steps)[1]
    scaled = [rates[0] * copies, *rates[1:-1], rates[-1] / copies]
    wide = list(coordinate_check(_copied(weights, copies), x, y, scaled, steps))
    says = f"Your changes are {narrow}, and with {copies} copies of every hidden unit {wide}."
    assert_close(wide, narrow, tolerance=PARAM32, scale=torch.tensor(scale), says=says)


def _start(width: int, seed: int, factor: float) -> Case:
    """Return a random network of this width with muP's rule for a width that is larger by a factor."""
    drawn = torch.Generator().manual_seed(seed)
    x = torch.randn(16, 4, generator=drawn)
    weights = [torch.randn(width, 4, generator=drawn) / 2, torch.randn(width, width, generator=drawn) / width**0.5]
    weights.append(torch.randn(1, width, generator=drawn) / (width * factor) ** 0.5)
    return weights, x, x[:, :1] * x[:, 1:2] + x[:, 2:3], [0.03 * factor, 0.03, 0.03 / factor]


def _growth(coordinate_check: StudentFunction, *, scaled: bool) -> list[float]:
    """Return by how much the changes of each layer grow from 16 to 128 units, as a geometric mean of four starts."""
    logs = []
    for seed in range(4):
        narrow = coordinate_check(*_start(16, seed, 1.0), 1)
        wide = coordinate_check(*_start(128, seed, 8.0 if scaled else 1.0), 1)
        pairs = zip(narrow, wide, strict=True)
        logs.append([math.log((float(b) + 1e-30) / (float(a) + 1e-30)) for a, b in pairs])
    return [math.exp(sum(column) / 4) for column in zip(*logs, strict=True)]


def test_width(coordinate_check: StudentFunction) -> None:
    """With one learning rate the change of the predictions grows with the width; with muP's rule none does.

    Random weights of 16 and of 128 units, one step, the mean of four starts. Between 4 and 16 times is accepted where
    the law for wide networks says 8, and between 1/2 and 2 where it says 1.
    """
    grown = _growth(coordinate_check, scaled=False)
    if not 4 < grown[-1] < 16:
        raise CheckFailed(f"With one learning rate, your change of the predictions grows {grown[-1]:.3g} times.")
    grown = _growth(coordinate_check, scaled=True)
    if not all(0.5 < growth < 2 for growth in grown):
        listed = ", ".join(f"{growth:.3g}" for growth in grown)
        raise CheckFailed(f"Scaled with the width, your changes of the three layers grow {listed} times.")


@predict(
    answer="It doubles",
    because="The prediction is a sum over all units. The gradient along each last weight does not depend on the width,"
    " and so twice as many of them move by the same, and push the prediction in the same direction.",
    otherwise={
        "It stays the same: the weights start smaller": "The start keeps the size of the prediction, and says nothing"
        " about its change. Each weight moves by its gradient, and that does not become smaller.",
        "It grows by the root of 2": "So it would be if the moves were independent of each other, like the random first"
        " weights. But they all go against the gradient: they agree.",
        "It halves": "Nothing divides by the width here. With the learning rate divided by the width it would stay the"
        " same.",
    },
)
def twice_the_width(coordinate_check: Callable[..., list[float]]) -> dict[str, list[float]]:
    """A tanh network starts with the standard deviation 1 / sqrt(fan-in), and takes one step of gradient descent.

    Now all hidden layers are made twice as wide, with the same learning rate. How does the change of its predictions in
    this step change?
    """
    widths, changes = [16, 32, 64, 128, 256], []
    for width in widths:
        runs = [coordinate_check(*_start(width, seed, 1.0), 1)[-1] for seed in range(16)]
        changes.append(math.exp(sum(math.log(run) for run in runs) / 16))
    assert 1.8 < (changes[-1] / changes[0]) ** (1 / 4) < 2.2
    return {"width": [float(width) for width in widths], "change of the predictions": changes}


# Right answers in other styles


@variant
def optimizer(weights: list[Tensor], x: Tensor, y: Tensor, lrs: list[float], steps: int) -> list[float]:
    """torch.optim.SGD with a group for each layer."""
    with torch.no_grad():
        before = _forward(weights, x)
    leaves = [weight.clone().requires_grad_() for weight in weights]
    sgd = torch.optim.SGD([{"params": [leaf], "lr": lr} for leaf, lr in zip(leaves, lrs, strict=True)])
    for _ in range(steps):
        sgd.zero_grad()
        torch.nn.functional.mse_loss(_forward(leaves, x)[-1], y).backward()
        sgd.step()
    after = _forward(leaves, x)
    return [torch.sqrt(torch.mean((b - a) ** 2)).item() for a, b in zip(before, after, strict=True)]


def _forward(weights: list[Tensor], x: Tensor) -> list[Tensor]:
    """Return the outputs of each layer."""
    found = []
    for k, weight in enumerate(weights):
        x = x @ weight.T if k + 1 == len(weights) else torch.tanh(x @ weight.T)
        found.append(x)
    return found


@variant
def module(weights: list[Tensor], x: Tensor, y: Tensor, lrs: list[float], steps: int) -> list[Tensor]:
    """A deep copy of a module is trained, and hooks record the outputs; the entries are tensors."""
    net = [torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False) for weight in weights]
    for layer, weight in zip(net, weights, strict=True):
        layer.load_state_dict({"weight": weight})

    def outputs() -> list[Tensor]:
        found, h = [], x
        for layer in net[:-1]:
            h = layer(h).tanh()
            found.append(h)
        return [*found, net[-1](h)]

    first = [output.detach().clone() for output in outputs()]
    for _ in range(steps):
        for layer in net:
            layer.zero_grad()
        (outputs()[-1] - y).square().mean().backward()
        for layer, lr in zip(net, lrs, strict=True):
            layer.weight.data.add_(layer.weight.grad, alpha=-lr)  # type: ignore[arg-type]
    return [(now.detach() - then).pow(2).mean().sqrt() for now, then in zip(outputs(), first, strict=True)]


@variant
def by_hand(weights: list[Tensor], x: Tensor, y: Tensor, lrs: list[float], steps: int) -> list[float]:
    """The backward pass written out, out of place, in float64."""
    x, y, moving = x.double(), y.double(), [weight.double() for weight in weights]
    for _ in range(steps):
        hs = _forward(moving, x)
        back, new = 2 * (hs[-1] - y) / y.numel(), list(moving)
        for k in range(len(moving) - 1, -1, -1):
            new[k] = moving[k] - lrs[k] * back.T @ (hs[k - 1] if k else x)
            back = (back @ moving[k]) * (1 - hs[k - 1] ** 2) if k else back
        moving = new
    pairs = zip(_forward(moving, x), _forward([weight.double() for weight in weights], x), strict=True)
    return [float((a - b).norm()) / a.numel() ** 0.5 for a, b in pairs]


@variant
def functional(weights: list[Tensor], x: Tensor, y: Tensor, lrs: list[float], steps: int) -> list[float]:
    """torch.func.grad on a tuple of weights."""
    slopes = torch.func.grad(lambda parts: ((_forward(list(parts), x)[-1] - y) ** 2).mean())
    now = tuple(weights)
    for _ in range(steps):
        now = tuple(part - lr * slope for part, lr, slope in zip(now, lrs, slopes(now), strict=True))
    return [
        float((b - a).square().mean() ** 0.5) for a, b in zip(_forward(weights, x), _forward(list(now), x), strict=True)
    ]


@variant
def float32(weights: list[Tensor], x: Tensor, y: Tensor, lrs: list[float], steps: int) -> Tensor:
    """float32 throughout, fresh leaves in every step; the result is a tensor."""
    now = [weight.float() for weight in weights]
    for _ in range(steps):
        leaves = [part.detach().requires_grad_() for part in now]
        (((_forward(leaves, x)[-1] - y) ** 2).sum() / y.numel()).backward()
        now = [leaf.detach() - lr * leaf.grad for leaf, lr in zip(leaves, lrs, strict=True) if leaf.grad is not None]
    changes = torch.zeros(len(weights))
    for k, (a, b) in enumerate(zip(_forward(weights, x), _forward(now, x), strict=True)):
        changes[k] = (a - b).pow(2).mean().sqrt()
    return changes
