"""momentum_step must keep a velocity, add the whole gradient to it, and move by the new velocity."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, examples, largest, predict, row, variant

from .shared import RUN, SQUARE, Run, runs, size_of, some_rates, torch_run, triples

Triple = tuple[Tensor, Tensor, Tensor]
"""p, grad and velocity."""
ONE: Triple = (row(1.0), row(2.0), row(4.0))
FULL: Triple = (row(1.0, -2.0, 0.5), row(3.0, 0.25, -1.5), row(2.0, 0.75, 3.5))
some_mus = st.sampled_from([0.25, 0.5, 0.75, 0.875])


def _size(values: Triple) -> float:
    return 1 + sum(map(largest, values))


@examples(12)
@given(values=triples(), lr=some_rates, mu=some_mus)
@example(values=ONE, lr=0.125, mu=0.75)
@example(values=FULL, lr=0.25, mu=0.75)
def test_from_rest(momentum_step: StudentFunction, values: Triple, lr: float, mu: float) -> None:
    """From rest, the first velocity is the gradient itself, and the first step is one of plain gradient descent.

    Nothing is averaged: the gradient counts in full from the first step on.
    """
    p, grad, _ = values
    expected = (p.double() - lr * grad.double(), grad.double())
    says = "With a velocity of 0 this is not a step of gradient descent, or the velocity is not the gradient."
    assert_close(momentum_step(p, grad, torch.zeros_like(p), lr, mu), expected, scale=_size(values), says=says)


@examples(12)
@given(values=triples(), lr=some_rates, mu=some_mus)
@example(values=ONE, lr=0.125, mu=0.75)
@example(values=FULL, lr=0.25, mu=0.75)
def test_coasting(momentum_step: StudentFunction, values: Triple, lr: float, mu: float) -> None:
    """Where the gradient is 0, the point rolls on: the velocity keeps the share mu, and p moves by lr times that.

    Plain gradient descent would stand still there.
    """
    p, _, velocity = values
    rolling = mu * velocity.double()
    expected = (p.double() - lr * rolling, rolling)
    says = "Without a gradient the point does not roll on with the share mu of its velocity."
    assert_close(momentum_step(p, torch.zeros_like(p), velocity, lr, mu), expected, scale=_size(values), says=says)


@examples(12)
@given(values=triples(), lr=some_rates)
@example(values=ONE, lr=0.125)
@example(values=FULL, lr=0.25)
def test_no_memory(momentum_step: StudentFunction, values: Triple, lr: float) -> None:
    """With mu = 0 it is gradient descent, whatever the velocity was before."""
    p, grad, velocity = values
    expected = (p.double() - lr * grad.double(), grad.double())
    says = "With mu = 0 the step depends on the old velocity, or is not one of gradient descent."
    assert_close(momentum_step(p, grad, velocity, lr, 0.0), expected, scale=_size(values), says=says)


@examples(8)
@given(values=triples(), lr=some_rates, mu=some_mus, steps=st.integers(2, 5))
@example(values=ONE, lr=0.125, mu=0.5, steps=3)
@example(values=FULL, lr=0.25, mu=0.75, steps=4)
def test_constant_slope(momentum_step: StudentFunction, values: Triple, lr: float, mu: float, steps: int) -> None:
    """On a constant slope the velocity grows towards 1 / (1 - mu) gradients: after t steps it is (1 - mu^t) / (1 - mu).

    With mu = 0.9 the steps become ten times as long as those of gradient descent.
    """
    p, grad, _ = values
    velocity = torch.zeros_like(p)
    for _ in range(steps):
        p, velocity = momentum_step(p, grad, velocity, lr, mu)
    expected = grad.double() * (1 - mu**steps) / (1 - mu)
    says = f"After {steps} steps with the same gradient, the velocity is not (1 - mu^{steps}) / (1 - mu) gradients."
    assert_close(velocity, expected, scale=8 * _size(values), says=says)


@examples(8)
@given(run=runs(), lr=some_rates, mu=some_mus)
@example(run=RUN, lr=0.125, mu=0.75)
@example(run=SQUARE, lr=0.125, mu=0.5)
def test_as_torch_sgd(momentum_step: StudentFunction, run: Run, lr: float, mu: float) -> None:
    """Step by step, p is where torch.optim.SGD with momentum = mu takes it, for any gradients."""
    expected = torch_run(torch.optim.SGD, run, lr=lr, momentum=mu)
    p, velocity = run[0], torch.zeros_like(run[0])
    for t, grad in enumerate(run[1]):
        p, velocity = momentum_step(p, grad, velocity, lr, mu)
        says = f"After step {t + 1} torch.optim.SGD is somewhere else."
        assert_close(p, expected[t], scale=size_of(run, lr), says=says)


@predict(
    answer="Ten times as long",
    because="Every gradient is used again and again, with the shares 1, 0.9, 0.81 and so on, which add up to"
    " 1 / (1 - 0.9) = 10. So a learning rate that suits gradient descent is mostly too large with momentum.",
    otherwise={
        "0.9 times as long": "0.9 is what is left of the old velocity; the new gradient is added to it in full.",
        "1.9 times as long": "That is the second step. The third adds 0.81 of the first gradient, and so on.",
        "Just as long: momentum is an average": "There are texts that average, with a factor 1 - mu on the gradient."
        " torch.optim.SGD adds the gradient in full.",
    },
)
def steps_on_a_constant_slope(
    momentum_step: Callable[..., tuple[Tensor, Tensor]],
) -> dict[str, list[float]]:
    """On a long straight slope the gradient is the same at every step.

    You descend with momentum, mu = 0.9. After many steps, how long is a step, compared with one of gradient descent
    with the same learning rate?
    """
    p, velocity = torch.zeros(1), torch.zeros(1)
    lengths = []
    for _ in range(60):
        before = p
        p, velocity = momentum_step(p, torch.ones(1), velocity, 0.125, 0.9)
        lengths.append(float(before - p) / 0.125)
    assert abs(lengths[-1] - 10) < 0.05
    return {"step": [float(step) for step in range(1, 61)], "length in steps of gradient descent": lengths}


# Right answers in other styles


@variant
def optimizer(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    """torch.optim.SGD, whose buffer is the velocity; with mu = 0 it does not use one."""
    leaf = p.clone().requires_grad_()
    leaf.grad = grad.clone()
    sgd = torch.optim.SGD([leaf], lr=lr, momentum=mu)
    sgd.state[leaf]["momentum_buffer"] = velocity.clone()
    sgd.step()
    return leaf.detach(), sgd.state[leaf]["momentum_buffer"] if mu else grad.clone()


@variant
def in_place(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    """Clones that are changed in place."""
    p, velocity = p.clone(), velocity.clone()
    velocity.mul_(mu).add_(grad)
    p.add_(velocity, alpha=-lr)
    return p, velocity


@variant
def numpy(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    """NumPy in float64."""
    moving = mu * velocity.numpy().astype(np.float64) + grad.numpy()
    return torch.from_numpy(p.numpy() - lr * moving), torch.from_numpy(moving)


@variant
def float32(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    """float32 throughout, the position from the two parts of the step."""
    rate, keep = torch.tensor(lr), torch.tensor(mu)
    return p - rate * grad - rate * keep * velocity, torch.add(grad, velocity * keep)


@variant
def entries(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    """One number at a time."""
    moving = [mu * u + g for u, g in zip(velocity.flatten().tolist(), grad.flatten().tolist(), strict=True)]
    moved = [x - lr * u for x, u in zip(p.flatten().tolist(), moving, strict=True)]
    return torch.tensor(moved).reshape(p.shape), torch.tensor(moving).reshape(p.shape)
