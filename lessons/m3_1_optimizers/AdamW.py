"""AdamW must decay each parameter by its group's rule, then take a step of Adam with the parameter's own state."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_close,
    examples,
    largest,
    predict,
    row,
    variant,
)

from .shared import shapes, some_rates, tensors

Runs = tuple[list[Tensor], list[list[Tensor | None]]]
"""Where some parameters begin, and for each step the gradient of each of them; None where it has none."""
PARTS = "parts = [torch.nn.Parameter(part.clone()) for part in start]\n"
BUILT = f"{PARTS}optimizer = AdamW(parts, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)\n"
STEPPED = """for grads in steps:
    optimizer.zero_grad()
    for part, grad in zip(parts, grads):
        part.grad = None if grad is None else grad.clone()
    optimizer.step()
"""
ENDS = "[part.detach() for part in parts]"
GROUPED = f"""{PARTS}groups = [{{"params": parts[:1]}}, {{"params": parts[1:], **others}}]
optimizer = AdamW(groups, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
"""
USUAL = {"betas": (0.9, 0.999), "eps": 1e-8}
HALVES = {"betas": (0.5, 0.75), "eps": 1e-8}
ONE: Runs = ([row(4.0)], [[row(2.0)]])
# Sizes differ, signs differ in every way, and the second gradients are not the first ones.
TWO: Runs = (
    [torch.tensor([[1.0, -2.0], [3.0, 0.5]]), row(-1.5)],
    [
        [torch.tensor([[0.5, 1.0], [-2.0, 4.0]]), row(0.25)],
        [torch.tensor([[-1.5, 3.0], [0.75, -0.25]]), row(-2.0)],
        [torch.tensor([[2.5, -0.5], [1.25, 3.5]]), row(1.0)],
    ],
)
some_decays = st.sampled_from([1 / 8, 1 / 4, 1 / 2])
some_betas = st.sampled_from([(0.5, 0.75), (0.9, 0.999), (0.0, 0.9)])


@st.composite
def several(draw: st.DrawFn) -> Runs:
    """Draw one to three parameters, and their gradients for one to three steps."""
    sizes = draw(st.lists(shapes, min_size=1, max_size=3))
    steps = draw(st.integers(1, 3))
    return [draw(tensors(size)) for size in sizes], [[draw(tensors(size)) for size in sizes] for _ in range(steps)]


def _by_torch(runs: Runs, groups: list[dict[str, Any]] | None = None, **settings: Any) -> list[Tensor]:
    """Return where torch.optim.AdamW takes the parameters; ``groups`` has the settings of each of them."""
    leaves = [nn.Parameter(part.double()) for part in runs[0]]
    given: list[dict[str, Any]] = [
        {"params": [leaf], **group} for leaf, group in zip(leaves, groups or [{}] * len(leaves), strict=True)
    ]
    optimizer = torch.optim.AdamW(given, **settings)
    for grads in runs[1]:
        for leaf, grad in zip(leaves, grads, strict=True):
            leaf.grad = None if grad is None else grad.double()
        optimizer.step()
    return [leaf.detach().float() for leaf in leaves]


def _size(runs: Runs, lr: float) -> float:
    return 1 + max(largest(part) for part in runs[0]) + lr * len(runs[1])


def _values(runs: Runs, lr: float, weight_decay: float, **more: Any) -> dict[str, Any]:
    return {"start": runs[0], "steps": runs[1], "lr": lr, "weight_decay": weight_decay, **USUAL, **more}


@examples(4)
@given(lr=some_rates)
@example(lr=0.125)
def test_two_optimizers(AdamW: StudentFunction, lr: float) -> None:
    """Two optimizers are two: the steps of one leave the averages and the settings of the other alone."""
    once = f"{BUILT}{STEPPED}ends.append({ENDS})\n"
    first, second = AdamW.run(f"ends = []\n{once}{once}ends", **_values(TWO, lr, 0.25))
    if any(largest(a - b) > 1e-3 for a, b in zip(first, second, strict=True)):
        says = "A second optimizer, with the same start and the same gradients, takes the parameters somewhere else."
        raise CheckFailed(says, second, first, mistake="state_of_the_class")
    says = "With two optimizers one after the other, torch.optim.AdamW is somewhere else."
    expected = _by_torch(TWO, lr=lr, weight_decay=0.25)
    assert_close(second, expected, tolerance=PARAM32, scale=_size(TWO, lr), says=says)


@examples(8)
@given(runs=several(), lr=some_rates, weight_decay=some_decays, steps=st.integers(1, 3))
@example(runs=ONE, lr=0.125, weight_decay=0.5, steps=1)
@example(runs=TWO, lr=0.25, weight_decay=0.25, steps=3)
def test_decays(AdamW: StudentFunction, runs: Runs, lr: float, weight_decay: float, steps: int) -> None:
    """Where the gradients are 0, every step multiplies the parameters by 1 - lr * weight_decay, and nothing else.

    That is what "decoupled" means: the decay does not go through Adam's averages, and is not divided by their root.
    """
    zeros: Runs = (runs[0], [[torch.zeros_like(part) for part in runs[0]]] * steps)
    found = AdamW.run(f"{BUILT}{STEPPED}{ENDS}", **_values(zeros, lr, weight_decay))
    factor = 1 - lr * weight_decay
    says = f"With gradients of 0, {steps} steps have not multiplied the parameters by {factor:g} each."
    assert_close(found, [part * factor**steps for part in runs[0]], scale=_size(zeros, lr), says=says)


@examples(8)
@given(runs=several(), lr=some_rates, betas=some_betas)
@example(runs=ONE, lr=0.125, betas=(0.5, 0.75))
@example(runs=TWO, lr=0.25, betas=(0.5, 0.75))
def test_without_decay(AdamW: StudentFunction, runs: Runs, lr: float, betas: tuple[float, float]) -> None:
    """With weight_decay = 0 it is Adam, for several parameters of any shapes, each with averages of its own."""
    found = AdamW.run(f"{BUILT}{STEPPED}{ENDS}", **_values(runs, lr, 0.0, betas=betas))
    expected = _by_torch(runs, lr=lr, betas=betas, weight_decay=0.0)
    says = "Without decay, torch.optim.Adam is somewhere else."
    assert_close(found, expected, tolerance=PARAM32, scale=_size(runs, lr), says=says)


@examples(8)
@given(runs=several(), lr=some_rates, betas=some_betas, eps=st.sampled_from([1e-8, 1 / 8]), weight_decay=some_decays)
@example(runs=ONE, lr=0.125, betas=(0.5, 0.75), eps=1e-8, weight_decay=0.5)
@example(runs=TWO, lr=0.25, betas=(0.5, 0.75), eps=0.125, weight_decay=0.25)
def test_as_torch_adamw(
    AdamW: StudentFunction, runs: Runs, lr: float, betas: tuple[float, float], eps: float, weight_decay: float
) -> None:
    """The parameters end where torch.optim.AdamW takes them, with any betas, eps and decay."""
    found = AdamW.run(f"{BUILT}{STEPPED}{ENDS}", **_values(runs, lr, weight_decay, betas=betas, eps=eps))
    expected = _by_torch(runs, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
    says = "torch.optim.AdamW is somewhere else."
    assert_close(found, expected, tolerance=PARAM32, scale=_size(runs, lr), says=says)


@examples(4)
@given(lr=some_rates)
@example(lr=0.125)
def test_defaults(AdamW: StudentFunction, lr: float) -> None:
    """Without other arguments the betas are 0.9 and 0.999, eps is 1e-8 and weight_decay is 0.01.

    The gradients of the second parameter are as small as eps, so that eps counts as well.
    """
    later: list[Tensor | None] = [row(0.5), row(1e-8)]
    runs: Runs = ([row(2.0), row(-1.0)], [[row(4.0), row(2e-8)], *[later] * 5])
    code = f"{PARTS}optimizer = AdamW(parts, lr=lr)\n{STEPPED}{ENDS}"
    found = AdamW.run(code, start=runs[0], steps=runs[1], lr=lr)
    says = "With the usual settings, torch.optim.AdamW is somewhere else."
    assert_close(found, _by_torch(runs, lr=lr), tolerance=PARAM32, says=says)


@examples(6)
@given(lr=some_rates, weight_decay=some_decays, other=st.sampled_from([0.0, 1.0]))
@example(lr=0.125, weight_decay=0.5, other=0.0)
@example(lr=0.25, weight_decay=0.0, other=0.5)
def test_groups(AdamW: StudentFunction, lr: float, weight_decay: float, other: float) -> None:
    """Each group follows its own settings, and the arguments where it has none: here weights decay and biases do not.

    The usual two groups of a network are made in this way.
    """
    values = _values(TWO, lr, weight_decay, others={"weight_decay": other})
    found = AdamW.run(f"{GROUPED}{STEPPED}{ENDS}", **values)
    expected = _by_torch(TWO, [{}, {"weight_decay": other}], lr=lr, weight_decay=weight_decay)
    says = f"With a second group whose weight_decay is {other:g}, torch.optim.AdamW is somewhere else."
    assert_close(found, expected, tolerance=PARAM32, scale=_size(TWO, lr), says=says)


@examples(4)
@given(lr=some_rates, other=st.sampled_from([1 / 32, 1 / 2]))
@example(lr=0.125, other=0.5)
def test_settings_of_groups(AdamW: StudentFunction, lr: float, other: float) -> None:
    """A group may have a learning rate, betas and an eps of its own, too."""
    others = {"lr": other, "betas": (0.5, 0.75), "eps": 0.125}
    found = AdamW.run(f"{GROUPED}{STEPPED}{ENDS}", **_values(TWO, lr, 0.25, others=others))
    expected = _by_torch(TWO, [{}, others], lr=lr, weight_decay=0.25)
    says = "With a second group that has lr, betas and eps of its own, torch.optim.AdamW is somewhere else."
    assert_close(found, expected, tolerance=PARAM32, scale=_size(TWO, lr + other), says=says)


@examples(4)
@given(lr=some_rates, other=st.sampled_from([1 / 32, 1 / 2]))
@example(lr=0.125, other=0.5)
def test_schedule(AdamW: StudentFunction, lr: float, other: float) -> None:
    """A learning rate that is written into a group later counts from the next step on.

    A schedule does nothing else: it writes into `param_groups` between two steps.
    """
    code = f"{BUILT}{STEPPED}optimizer.param_groups[0]['lr'] = other\n{STEPPED}{ENDS}"
    found = AdamW.run(code, **_values(ONE, lr, 0.25, other=other, **HALVES))
    leaf = nn.Parameter(ONE[0][0].double())
    optimizer = torch.optim.AdamW([leaf], lr=lr, weight_decay=0.25, betas=(0.5, 0.75))
    leaf.grad = ONE[1][0][0].double()  # type: ignore[union-attr]
    optimizer.step()
    optimizer.param_groups[0]["lr"] = other
    optimizer.step()
    says = "After another lr was written into the group, torch.optim.AdamW is somewhere else."
    assert_close(found, [leaf.detach().float()], tolerance=PARAM32, scale=6, says=says)


@examples(6)
@given(lr=some_rates, late=st.integers(1, 3))
@example(lr=0.125, late=1)
@example(lr=0.25, late=2)
def test_own_count(AdamW: StudentFunction, lr: float, late: int) -> None:
    """A parameter without a gradient stays as it is, decay included, and its first gradient is its step number 1.

    So each parameter counts its own steps: a layer that is thawed later begins with a correction of its own.
    """
    runs: Runs = ([row(2.0), row(4.0)], [[None, row(1.0)]] * late)
    found = AdamW.run(f"{BUILT}{STEPPED}{ENDS}", **_values(runs, lr, 0.25))
    says = "The first parameter had no gradient, and it has changed."
    assert_close(found[0], runs[0][0], tolerance=0, says=says)
    expected = _by_torch(runs, lr=lr, weight_decay=0.25)
    says = "The first parameter had no gradient, and the second one is not where torch.optim.AdamW takes it."
    assert_close(found, expected, tolerance=PARAM32, scale=_size(runs, lr), says=says)
    runs[1].append([row(-3.0), row(1.0)])
    found = AdamW.run(f"{BUILT}{STEPPED}{ENDS}", **_values(runs, lr, 0.25))
    expected = _by_torch(runs, lr=lr, weight_decay=0.25)
    says = f"The first parameter got its first gradient in step {late + 1}: torch.optim.AdamW takes it somewhere else."
    assert_close(found, expected, tolerance=PARAM32, scale=_size(runs, lr), says=says)


@examples(4)
@given(lr=some_rates)
@example(lr=0.125)
def test_generators(AdamW: StudentFunction, lr: float) -> None:
    """It takes generators, such as model.parameters(): what can be read only once is read only once.

    The second step must find the parameters again, so they have to be kept.
    """
    settings = "lr=lr, betas=betas, eps=eps, weight_decay=weight_decay"
    for given_as, name in (
        ("(part for part in parts)", "a generator of parameters"),
        ('[{"params": (part for part in parts)}]', "a group with a generator"),
    ):
        found = AdamW.run(
            f"{PARTS}optimizer = AdamW({given_as}, {settings})\n{STEPPED}{ENDS}", **_values(TWO, lr, 0.25)
        )
        says = f"With {name}, torch.optim.AdamW is somewhere else."
        expected = _by_torch(TWO, lr=lr, weight_decay=0.25)
        assert_close(found, expected, tolerance=PARAM32, scale=_size(TWO, lr), says=says)


@examples(4)
@given(lr=some_rates)
@example(lr=0.125)
def test_zero_grad(AdamW: StudentFunction, lr: float) -> None:
    """zero_grad clears the gradients of all parameters in all groups, to None or to 0, and a step does not touch them.

    Until then they stay: a program may look at them after the step.
    """
    values = _values(TWO, lr, 0.25, others={"weight_decay": 0.0})
    kept = AdamW.run(f"{GROUPED}{STEPPED}[part.grad for part in parts]", **values)
    assert_close(
        kept, TWO[1][-1], tolerance=0, says="After a step the gradients are not those that were there before it."
    )
    sizes = "[0.0 if part.grad is None else part.grad.abs().sum().item() for part in parts]"
    code = f"{GROUPED}{STEPPED}optimizer.zero_grad()\n{sizes}"
    left = AdamW.run(code, **values)
    assert_close(left, [0.0, 0.0], tolerance=0, says="After zero_grad there are gradients left.")


@examples(4)
@given(lr=some_rates)
@example(lr=0.125)
def test_training(AdamW: StudentFunction, lr: float) -> None:
    """In a real training loop, with backward and a layer, the losses are those of torch.optim.AdamW.

    The layer holds the parameters, so a step has to change the very tensors that the layer holds.
    """
    X, Y = torch.tensor([[1.0, 2.0], [-0.5, 1.5], [2.0, -1.0]]), torch.tensor([[1.0], [-2.0], [0.5]])
    code = """layer = torch.nn.Linear(2, 1)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[0.5, -0.25]]))
    layer.bias.zero_()
groups = [{"params": [layer.weight]}, {"params": [layer.bias], "weight_decay": 0.0}]
optimizer = AdamW(groups, lr=lr, weight_decay=0.25)
losses = []
for step in range(4):
    optimizer.zero_grad()
    loss = ((layer(X) - Y) ** 2).mean()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
losses"""
    layer = nn.Linear(2, 1).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[0.5, -0.25]]))
        layer.bias.zero_()
    groups: list[dict[str, Any]] = [{"params": [layer.weight]}, {"params": [layer.bias], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=lr, weight_decay=0.25)
    expected = []
    with torch.enable_grad():
        for _ in range(4):
            optimizer.zero_grad()
            loss = ((layer(X.double()) - Y.double()) ** 2).mean()
            loss.backward()
            optimizer.step()
            expected.append(loss.item())
    found = AdamW.run(code, X=X, Y=Y, lr=lr)
    says = "With torch.optim.AdamW in its place, the losses are others."
    assert_close(found, expected, tolerance=PARAM32, scale=9, says=says)


@predict(
    answer="The same share of both",
    because="The decay multiplies each of them by 1 - lr * weight_decay in every step, whatever the gradients do. With"
    " the decay inside the gradient, as in torch.optim.Adam, it would be divided by the size of the gradients, and the"
    " first would hardly decay at all.",
    otherwise={
        "More of the one with the large gradients": "The decay does not look at the gradients, and they cancel over two"
        " steps.",
        "More of the one with the small gradients": "That is what torch.optim.Adam does with weight_decay: it adds the"
        " decay to the gradient and then divides by its size. Decoupling was invented against that.",
        "Nothing: the gradients cancel, so nothing moves": "Without any gradient the weights would still decay.",
    },
)
def decay_of_two_weights(AdamW: Callable[..., Any]) -> dict[str, list[float]]:
    """Two weights begin at 1; their gradients change sign in every step: 100, -100, ... and 0.01, -0.01, ...

    You take AdamW with lr = 0.01 and weight_decay = 0.2, for 500 steps. Of which weight does the decay take more?
    """
    weights = nn.Parameter(torch.ones(2))
    optimizer = AdamW([weights], lr=0.01, weight_decay=0.2)
    large, small = [], []
    for step in range(500):
        large.append(weights[0].item())
        small.append(weights[1].item())
        weights.grad = (-1) ** step * torch.tensor([100.0, 0.01])
        optimizer.step()
    assert abs(large[-1] - small[-1]) < 1e-4
    assert abs(large[-1] - 0.998**499) < 0.03
    return {"step": [float(step) for step in range(500)], "either weight": large}


# Right answers in other styles


@variant
class Inherits(torch.optim.Optimizer):
    """Derived from PyTorch's Optimizer, which keeps the groups and clears the gradients."""

    def __init__(
        self,
        params: Any,
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"].lerp_(p.grad, 1 - beta1)
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                divisor = (state["v"] / (1 - beta2 ** state["t"])).sqrt().add_(group["eps"])
                p.addcdiv_(state["m"], divisor, value=-group["lr"] / (1 - beta1 ** state["t"]))


@variant
class Wrapped:
    """torch.optim.AdamW inside."""

    def __init__(
        self,
        params: Any,
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        self.inner = torch.optim.AdamW(params, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        self.param_groups = self.inner.param_groups

    def zero_grad(self) -> None:
        self.inner.zero_grad(set_to_none=False)

    def step(self) -> None:
        self.inner.step()


@variant
class Data:
    """`.data`, gradients set to 0, and the state beside each parameter in its group; one sum for the whole step."""

    def __init__(
        self,
        params: Any,
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        self.param_groups: list[dict[str, Any]] = []
        loose: list[nn.Parameter] = []
        for entry in params:
            if isinstance(entry, dict):
                self._add(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
                self.param_groups[-1].update(entry)
                self.param_groups[-1]["params"] = [*entry["params"]]
            else:
                loose.append(entry)
        if loose:
            self._add(params=loose, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def _add(self, **group: Any) -> None:
        self.param_groups.append({**group, "states": {}})

    def zero_grad(self) -> None:
        for p in [p for group in self.param_groups for p in group["params"]]:
            if p.grad is not None:
                p.grad = torch.zeros_like(p.grad)

    def step(self) -> None:
        for group in self.param_groups:
            (b1, b2), rate = group["betas"], group["lr"]
            for i, p in enumerate(group["params"]):
                if p.grad is not None:
                    g = p.grad.data
                    m, v, t = group["states"].get(i, (0.0, 0.0, 0))
                    m, v, t = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g, t + 1
                    group["states"][i] = m, v, t
                    direction = m / (1 - b1**t) / (torch.sqrt(v / (1 - b2**t)) + group["eps"])
                    p.data = p.data - rate * (direction + group["weight_decay"] * p.data)


@variant
class Attributes:
    """The state as attributes of the parameters themselves, in float32 throughout."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        params = list(params)
        if not isinstance(params[0], dict):
            params = [{"params": params}]
        self.param_groups = params
        for group in self.param_groups:
            group["params"] = list(group["params"])
            for name, value in (("lr", lr), ("betas", betas), ("eps", eps), ("weight_decay", weight_decay)):
                group.setdefault(name, value)
            for p in group["params"]:
                p.t, p.m, p.v = 0, torch.zeros_like(p.data), torch.zeros_like(p.data)

    def zero_grad(self) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self) -> None:
        for group in self.param_groups:
            b1, b2 = torch.tensor(group["betas"])
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.t += 1
                p.m = b1 * p.m + (1 - b1) * p.grad
                p.v = b2 * p.v + (1 - b2) * p.grad**2
                with torch.no_grad():
                    p.sub_(group["lr"] * group["weight_decay"] * p)
                    p.sub_(group["lr"] * (p.m / (1 - b1**p.t)) / ((p.v / (1 - b2**p.t)).sqrt() + group["eps"]))
