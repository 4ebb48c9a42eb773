"""sgd_weight_decay_step must go down the loss plus the penalty, and leave the biases out of the penalty."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, largest, matrices, predict, row, variant

Params = dict[str, Tensor]
Step = tuple[Params, Params]
"""params and grads."""

SMALL: Step = (
    {"W1": torch.tensor([[3.0]]), "b1": row(2.0)},
    {"W1": torch.tensor([[1.0]]), "b1": row(-1.0)},
)
# The signs of a weight and of its gradient differ in every way, no number occurs twice, and no sum of squares is 1.
FULL: Step = (
    {
        "W1": torch.tensor([[1.0, -2.0, 0.5], [3.0, -0.25, 1.5]]),
        "b1": row(0.75, -1.25, 2.5),
        "W2": torch.tensor([[-0.5], [2.25], [-3.5]]),
        "b2": row(4.0),
    },
    {
        "W1": torch.tensor([[0.5, 1.0, -1.5], [2.0, -0.75, 0.25]]),
        "b1": row(-0.5, 1.75, 0.125),
        "W2": torch.tensor([[1.25], [-2.0], [0.375]]),
        "b2": row(-1.0),
    },
)
some_rates, some_lams = st.sampled_from([1 / 16, 1 / 8, 1 / 4]), st.sampled_from([0.0, 1 / 8, 1 / 4, 1 / 2])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Draw the parameters of a network with one to three layers, and a gradient for each of them."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    params: Params = {}
    grads: Params = {}
    for number, (inputs, outputs) in enumerate(itertools.pairwise(sizes), start=1):
        for values in (params, grads):
            values[f"W{number}"] = draw(matrices(inputs, outputs))
            values[f"b{number}"] = draw(matrices(1, outputs))[0]
    return params, grads


def _is_weight(name: str) -> bool:
    return name.startswith("W")


def _size(step: Step) -> float:
    """Return the natural size of an entry after the step."""
    return 1 + 2 * max(largest(part) for parts in step for part in parts.values())


def _objective(params: Params, grads: Params, lam: float) -> float:
    """Return a loss whose gradient is `grads` everywhere, plus the penalty, in float64."""
    slope = sum(float((grads[name].double() * part.double()).sum()) for name, part in params.items())
    return slope + lam * sum(float((part.double() ** 2).sum()) for name, part in params.items() if _is_weight(name))


@given(step=steps(), lr=some_rates, lam=some_lams)
@example(step=SMALL, lr=0.25, lam=0.5)
@example(step=FULL, lr=0.125, lam=0.25)
def test_decay(sgd_weight_decay_step: StudentFunction, step: Step, lr: float, lam: float) -> None:
    """Where the loss has no slope, every weight is multiplied by 1 - 2 lr lam, and the biases stay.

    That is why it is called weight decay: without a gradient that pulls back, a weight shrinks by the same share in
    every step.
    """
    params = step[0]
    grads = {name: torch.zeros_like(part) for name, part in params.items()}
    expected = {name: part.double() * (1 - 2 * lr * lam * _is_weight(name)) for name, part in params.items()}
    says = f"With gradients of 0 the weights are not multiplied by {1 - 2 * lr * lam:g}, or the biases have changed."
    assert_close(sgd_weight_decay_step(params, grads, lr, lam), expected, scale=_size(step), says=says)


@given(step=steps(), lr=some_rates)
@example(step=SMALL, lr=0.25)
@example(step=FULL, lr=0.125)
def test_without_penalty(sgd_weight_decay_step: StudentFunction, step: Step, lr: float) -> None:
    """With lam = 0 it is a step of gradient descent: every parameter moves by lr times its gradient, downhill."""
    expected = {name: part.double() - lr * step[1][name].double() for name, part in step[0].items()}
    says = "With lam = 0 the parameters have not moved by lr times their gradients."
    assert_close(sgd_weight_decay_step(*step, lr, 0.0), expected, scale=_size(step), says=says)


@given(step=steps(), lr=some_rates, lam=some_lams)
@example(step=SMALL, lr=0.25, lam=0.5)
@example(step=FULL, lr=0.125, lam=0.25)
def test_step(sgd_weight_decay_step: StudentFunction, step: Step, lr: float, lam: float) -> None:
    """The step is one of gradient descent on the loss plus lam times the sum of the squared weights.

    Autograd finds the gradient of both together, in float64.
    """
    params, grads = step
    leaves = {name: part.double().requires_grad_() for name, part in params.items()}
    with torch.enable_grad():
        total = torch.zeros(())
        for name, part in leaves.items():
            total = total + (grads[name].double() * part).sum() + lam * _is_weight(name) * (part**2).sum()
        slopes = torch.autograd.grad(total, list(leaves.values()))
    expected = {name: (part - lr * slope).detach() for (name, part), slope in zip(leaves.items(), slopes, strict=True)}
    says = "The parameters have not moved by lr times the gradient of the loss plus the penalty."
    assert_close(sgd_weight_decay_step(*step, lr, lam), expected, scale=_size(step), says=says)


@given(step=steps(), lr=some_rates, lam=some_lams)
@example(step=SMALL, lr=0.25, lam=0.5)
@example(step=FULL, lr=0.125, lam=0.25)
def test_goes_down(sgd_weight_decay_step: StudentFunction, step: Step, lr: float, lam: float) -> None:
    """The loss plus the penalty does not rise, for a loss with these gradients and a learning rate below the limit.

    The curvature of the penalty is 2 lam, so the limit of the learning rate is 1 / lam, and lr is far below it here.
    """
    params, grads = step
    before, after = (_objective(each, grads, lam) for each in (params, sgd_weight_decay_step(params, grads, lr, lam)))
    says = f"The loss plus the penalty has risen from {before:.4g} to {after:.4g}."
    slack = 1e-5 * sum(part.numel() for part in params.values()) * _size(step) ** 2
    assert_at_most(after, before, slack=slack, says=says)


@given(step=steps(), lr=some_rates, lam=some_lams)
@example(step=FULL, lr=0.125, lam=0.25)
def test_as_torch_optim(sgd_weight_decay_step: StudentFunction, step: Step, lr: float, lam: float) -> None:
    """Three steps are those of torch.optim.SGD with weight_decay = 2 lam for the weights and 0 for the biases.

    The gradients are the same in every step here.
    """
    leaves = {name: torch.nn.Parameter(part.clone()) for name, part in step[0].items()}
    groups = [
        {"params": [part for name, part in leaves.items() if _is_weight(name)], "weight_decay": 2 * lam},
        {"params": [part for name, part in leaves.items() if not _is_weight(name)], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.SGD(groups, lr=lr)
    params, grads = step
    for _ in range(3):
        for name, part in leaves.items():
            part.grad = grads[name].clone()
        optimizer.step()
        params = sgd_weight_decay_step(params, grads, lr, lam)
    expected = {name: part.detach().double() for name, part in leaves.items()}
    says = "After three steps torch.optim.SGD has other parameters."
    assert_close(params, expected, scale=3 * _size(step), says=says)


@predict(
    answer="About 0.37 of its size",
    because="Every step multiplies it by 1 - 2 * 0.1 * 0.05 = 0.99, and 0.99 to the power of 100 is 0.366. It never"
    " reaches 0.",
    otherwise={
        "0: a hundredth of it is gone in each step": "A hundredth of what is left is gone in each step, so the losses"
        " become smaller with the weight.",
        "All of it: without a gradient nothing moves": "The penalty has a gradient of its own, 2 lambda w, whatever the"
        " loss does.",
        "About 0.61 of its size": "That is 0.995 to the power of 100: the square in the penalty brings down a 2.",
    },
)
def a_weight_without_gradient(sgd_weight_decay_step: Callable[..., Params]) -> dict[str, list[float]]:
    """The loss does not depend on one of the weights, so the gradient along it is 0.

    You train with the learning rate 0.1, and the penalty is 0.05 times the sum of the squared weights. What is left of
    that weight after 100 steps?
    """
    params, grads = {"W1": torch.tensor([[1.0]])}, {"W1": torch.tensor([[0.0]])}
    sizes = []
    for _ in range(100):
        sizes.append(float(params["W1"]))
        params = sgd_weight_decay_step(params, grads, 0.1, 0.05)
    assert abs(float(params["W1"]) - 0.366) < 1e-3
    return {"step": [float(step) for step in range(100)], "weight": sizes}


# Right answers in other styles


@variant
def shrink_and_step(params: Params, grads: Params, lr: float, lam: float) -> Params:
    """The weights shrink first, and then the gradient, which belongs to the old place, is subtracted."""
    new = {}
    for name in params:
        keep = 1 - 2 * lr * lam if params[name].ndim == 2 else 1.0
        new[name] = keep * params[name] - lr * grads[name]
    return new


@variant
def optimizer(params: Params, grads: Params, lr: float, lam: float) -> Params:
    """torch.optim.SGD with two groups of parameters."""
    leaves = {name: part.clone().requires_grad_() for name, part in params.items()}
    groups: list[dict[str, Any]] = [
        {"params": [leaves[name] for name in leaves if "W" in name], "weight_decay": 2 * lam},
        {"params": [leaves[name] for name in leaves if "b" in name]},
    ]
    for name, part in leaves.items():
        part.grad = grads[name].clone()
    torch.optim.SGD(groups, lr=lr).step()
    return leaves


@variant
def autograd(params: Params, grads: Params, lr: float, lam: float) -> Params:
    """Autograd finds the gradient of the penalty."""
    weights = {name: part.clone().requires_grad_() for name, part in params.items() if not name.startswith("b")}
    penalty = lam * torch.cat([weight.flatten() for weight in weights.values()]).pow(2).sum()
    pulls = dict(zip(weights, torch.autograd.grad(penalty, list(weights.values())), strict=True))
    return {name: part - lr * (grads[name] + pulls.get(name, 0.0)) for name, part in params.items()}


@variant
def in_place(params: Params, grads: Params, lr: float, lam: float) -> Params:
    """Clones that are changed in place."""
    new = {name: part.clone() for name, part in params.items()}
    for name, part in new.items():
        if name[0] == "W":
            part.mul_(1 - 2 * lam * lr)
        part.add_(grads[name], alpha=-lr)
    return new


@variant
def float32(params: Params, grads: Params, lr: float, lam: float) -> Params:
    """float32 throughout, the biases first."""
    rate, penalty = torch.tensor(lr), torch.tensor(lam)
    new = {name: params[name].float() - rate * grads[name] for name in params if params[name].dim() == 1}
    new.update(
        {name: w - rate * (grads[name] + penalty * w + penalty * w) for name, w in params.items() if w.dim() > 1}
    )
    return new


@variant
def numpy(params: Params, grads: Params, lr: float, lam: float) -> Params:
    """NumPy in float64."""
    new = {}
    for name, part in params.items():
        value = part.numpy().astype(np.float64)
        slope = grads[name].numpy() + (2 * lam * value if name.startswith("W") else 0)
        new[name] = torch.from_numpy(value - lr * slope)
    return new
