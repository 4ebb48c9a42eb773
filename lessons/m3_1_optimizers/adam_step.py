"""adam_step must average gradients and squares, correct both averages for their start at 0, and divide."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    StudentFunction,
    assert_at_most,
    assert_close,
    examples,
    largest,
    predict,
    row,
    variant,
)

from .shared import RUN, SQUARE, TINY, Run, runs, size_of, some_rates, torch_run, triples

Triple = tuple[Tensor, Tensor, Tensor]
Stepped = tuple[Tensor, Tensor, Tensor]
ONE: Triple = (row(1.0), row(2.0), row(0.25))
FULL: Triple = (row(1.0, -2.0, 0.5), row(3.0, 0.25, -1.5), row(2.0, 0.75, 3.5))
# Gradients that grow from step to step, after some that are 0: the steps are as long as steps of Adam can be.
GROWING: Run = (row(1.0), [row(0.0)] * 4 + [row(0.25 * 2.0**k) for k in range(4)])
# The first is never larger than the root of the second: there the Cauchy-Schwarz bound exists.
some_betas = st.sampled_from([(0.5, 0.75), (0.75, 0.875), (0.5, 0.99), (0.9, 0.999), (0.0, 0.9)])


def _size(values: Triple) -> float:
    return 1 + largest(values[0])


def _bound(t: int, beta1: float, beta2: float) -> float:
    """Return the most that the corrected average of t gradients can be, over the root of that of their squares."""
    ratio = beta1**2 / beta2
    seen = (1 - ratio**t) / (1 - ratio)
    return float((1 - beta1) / (1 - beta2) ** 0.5 * seen**0.5 * (1 - beta2**t) ** 0.5 / (1 - beta1**t))


@examples(12)
@given(values=triples(), lr=some_rates, betas=some_betas)
@example(values=ONE, lr=0.125, betas=(0.5, 0.75))
@example(values=FULL, lr=0.25, betas=(0.9, 0.999))
def test_first_adam_step(adam_step: StudentFunction, values: Triple, lr: float, betas: tuple[float, float]) -> None:
    """The first step moves every parameter by lr, against the sign of its gradient, whatever its size.

    Corrected, the averages of one gradient are the gradient and its square, and g over the root of g^2 is the sign.
    """
    p, grad, _ = values
    zero = torch.zeros_like(p)
    moved, _, _ = adam_step(p, grad, zero, zero, 1, lr, *betas, TINY)
    says = "The first step does not move every entry by lr, against the sign of its gradient."
    expected = p.double() - lr * grad.double().sign()
    assert_close(moved, expected, tolerance=PARAM32, scale=_size(values), says=says)


@examples(12)
@given(values=triples(), lr=some_rates, betas=some_betas, t=st.integers(1, 5))
@example(values=ONE, lr=0.125, betas=(0.5, 0.75), t=1)
@example(values=FULL, lr=0.25, betas=(0.75, 0.875), t=2)
def test_averages(adam_step: StudentFunction, values: Triple, lr: float, betas: tuple[float, float], t: int) -> None:
    """The m and v that come back are the plain running averages: the next step corrects them with its own t.

    A corrected one that is kept would be corrected again in the next step.
    """
    p, grad, v = values
    m = p.flip(0)  # numbers of either sign
    expected = (
        betas[0] * m.double() + (1 - betas[0]) * grad.double(),
        betas[1] * v.double() + (1 - betas[1]) * grad.double() ** 2,
    )
    _, *found = adam_step(p, grad, m, v, t, lr, *betas, 1e-8)
    scale = (largest(m) + largest(grad), largest(v) + (1 - betas[1]) * largest(grad) ** 2)
    says = "The returned m and v are not the running averages of the gradients and of their squares."
    assert_close(tuple(found), expected, tolerance=PARAM32, scale=scale, says=says)


@examples(8)
@given(values=triples(), lr=some_rates, betas=some_betas, steps=st.integers(2, 4))
@example(values=ONE, lr=0.125, betas=(0.5, 0.75), steps=2)
@example(values=FULL, lr=0.25, betas=(0.9, 0.999), steps=3)
def test_constant_gradient(
    adam_step: StudentFunction, values: Triple, lr: float, betas: tuple[float, float], steps: int
) -> None:
    """As long as the gradient stays the same, every step has the length lr, the first like all others.

    Without the correction the first steps would be wrong, because both averages begin at 0.
    """
    p, grad, _ = values
    m = v = torch.zeros_like(p)
    for t in range(1, steps + 1):
        expected = p.double() - lr * grad.double().sign()
        p, m, v = adam_step(p, grad, m, v, t, lr, *betas, TINY)
        says = f"The gradient is the same in every step, and step {t} does not have the length lr."
        assert_close(p, expected, tolerance=PARAM32, scale=_size(values) + lr * t, says=says)


@examples(12)
@given(values=triples(), lr=some_rates, betas=some_betas, t=st.integers(1, 4))
@example(values=ONE, lr=0.125, betas=(0.5, 0.75), t=2)
@example(values=FULL, lr=0.25, betas=(0.75, 0.875), t=3)
def test_adam_scale(adam_step: StudentFunction, values: Triple, lr: float, betas: tuple[float, float], t: int) -> None:
    """If all gradients so far had been 8 times as large, this step would be the same.

    m and the root of v are 8 times as large then, and the factor cancels.
    """
    p, grad, v = values
    m, v = p.flip(0), v + 1 / 8  # v is nowhere 0
    plain, *_ = adam_step(p, grad, m, v, t, lr, *betas, TINY)
    scaled, *_ = adam_step(p, 8 * grad, 8 * m, 64 * v, t, lr, *betas, TINY)
    says = "With grad and m 8 times as large, and v 64 times as large, p ends somewhere else."
    assert_close(scaled, plain, scale=_size(values) + 16 * lr, says=says)


@examples(8)
@given(run=runs(), lr=some_rates, betas=some_betas)
@example(run=GROWING, lr=0.125, betas=(0.5, 0.75))
@example(run=GROWING, lr=0.125, betas=(0.9, 0.999))
def test_adam_longest_step(adam_step: StudentFunction, run: Run, lr: float, betas: tuple[float, float]) -> None:
    """No step is longer than Cauchy and Schwarz allow: lr at first, and up to 7.27 lr in the end, for the usual betas.

    The bound of step t is in the section "The longest step of Adam" of the lesson. It is larger than lr from the second
    step on, and gradients that grow come close to it.
    """
    p = run[0]
    m = v = torch.zeros_like(p)
    for t, grad in enumerate(run[1], start=1):
        before = p
        p, m, v = adam_step(p, grad, m, v, t, lr, *betas, 1e-8)
        limit = lr * _bound(t, *betas)
        longest = largest(p.double() - before.double())
        says = f"Step {t} has moved a parameter by {longest:.4g}; the most that is possible is {limit:.4g}."
        assert_at_most(longest, limit, slack=PARAM32 * (1 + largest(before) + limit), says=says)


@examples(12)
@given(values=triples(), lr=some_rates, betas=some_betas, t=st.integers(1, 4))
@example(values=(row(1.0), row(2.0), row(0.0)), lr=0.125, betas=(0.5, 0.75), t=1)
@example(values=FULL, lr=0.25, betas=(0.75, 0.875), t=3)
def test_adam_large_eps(
    adam_step: StudentFunction, values: Triple, lr: float, betas: tuple[float, float], t: int
) -> None:
    """The number eps is added to the root of the corrected v, so an eps of 2 makes the divisor larger by 2.

    Inside the root, or before the correction, it would be another one. With the usual 1e-8 the difference shows where
    gradients are about that small.
    """
    p, grad, v = (part.double() for part in values)
    m_hat = (1 - betas[0]) * grad / (1 - betas[0] ** t)
    root = ((betas[1] * v + (1 - betas[1]) * grad**2) / (1 - betas[1] ** t)).sqrt()
    found, *_ = adam_step(values[0], values[1], torch.zeros_like(values[0]), values[2], t, lr, *betas, 2.0)
    says = "With eps = 2 the corrected m is not divided by the root of the corrected v, plus 2."
    assert_close(found, p - lr * m_hat / (root + 2), tolerance=PARAM32, scale=_size(values), says=says)


@examples(8)
@given(run=runs(), lr=some_rates, betas=some_betas, eps=st.sampled_from([1e-8, 1e-3, 1 / 8]))
@example(run=RUN, lr=0.125, betas=(0.5, 0.75), eps=1e-8)
@example(run=SQUARE, lr=0.125, betas=(0.9, 0.999), eps=0.125)
def test_as_torch_adam(adam_step: StudentFunction, run: Run, lr: float, betas: tuple[float, float], eps: float) -> None:
    """Step by step, p is where torch.optim.Adam takes it, for any gradients."""
    expected = torch_run(torch.optim.Adam, run, lr=lr, betas=betas, eps=eps)
    p = run[0]
    m = v = torch.zeros_like(p)
    for t, grad in enumerate(run[1]):
        p, m, v = adam_step(p, grad, m, v, t + 1, lr, *betas, eps)
        says = f"After step {t + 1} torch.optim.Adam is somewhere else."
        assert_close(p, expected[t], tolerance=PARAM32, scale=size_of(run, lr), says=says)


@predict(
    answer="0.01 for both",
    because="Adam divides each gradient by its own size, so only the sign is left. That is why its learning rate has"
    " the unit of a parameter: it says how far each one may move in a step.",
    otherwise={
        "10 and 0.00001": "That is gradient descent, lr times the gradient. Adam divides that by the size of the"
        " gradients so far.",
        "0.0316 for both": "That is what happens without the correction: 0.1 of the gradient over the root of 0.001 of"
        " its square is 3.16. The correction takes both factors out.",
        "Nearly 0: the averages begin at 0": "They do, and the correction divides by the shares that they have given to"
        " gradients so far, 0.1 and 0.001.",
    },
)
def first_steps_of_adam(adam_step: Callable[..., Stepped]) -> dict[str, list[float]]:
    """Two parameters begin at 0; the gradient of the one is 1000, that of the other 0.001.

    You take Adam with lr = 0.01 and the usual betas, 0.9 and 0.999. How far does each of them move in the first step?
    """
    grad = torch.tensor([1000.0, 0.001])
    p = m = v = torch.zeros(2)
    small, large = [], []
    for t in range(1, 21):
        before = p
        p, m, v = adam_step(p, grad, m, v, t, 0.01, 0.9, 0.999, 1e-8)
        large.append(float((before - p)[0]))
        small.append(float((before - p)[1]))
    assert abs(large[0] - 0.01) < 1e-5
    assert abs(small[0] - 0.01) < 1e-5
    return {"step": [float(step) for step in range(1, 21)], "distance moved": small}


# Right answers in other styles


@variant
def optimizer(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> Stepped:
    """torch.optim.Adam with its state filled in."""
    leaf = p.clone().requires_grad_()
    leaf.grad = grad.clone()
    adam = torch.optim.Adam([leaf], lr=lr, betas=(beta1, beta2), eps=eps)
    adam.state[leaf].update(step=torch.tensor(float(t - 1)), exp_avg=m.clone(), exp_avg_sq=v.clone())
    adam.step()
    state: Any = adam.state[leaf]
    return leaf.detach(), state["exp_avg"], state["exp_avg_sq"]


@variant
def in_place(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> Stepped:
    """As PyTorch's own source does it, on clones: the corrections in the step size and in the divisor."""
    p, m, v = p.clone(), m.clone(), v.clone()
    m.lerp_(grad, 1 - beta1)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    divisor = (v.sqrt() / (1 - beta2**t) ** 0.5).add_(eps)
    p.addcdiv_(m, divisor, value=-lr / (1 - beta1**t))
    return p, m, v


@variant
def one_factor(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> Stepped:
    """Both corrections in the learning rate, as the paper suggests, with eps scaled along."""
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad.square() - v)
    root = (1 - beta2**t) ** 0.5
    return p - lr * root / (1 - beta1**t) * m / (torch.sqrt(v) + eps * root), m, v


@variant
def float32(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> Stepped:
    """float32 throughout, the numbers as well."""
    rate, b1, b2, small = (torch.tensor(value) for value in (lr, beta1, beta2, eps))
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad * grad
    return p - rate * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + small), m, v


@variant
def numpy(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> Stepped:
    """NumPy in float64."""
    slope = grad.numpy().astype(np.float64)
    first = beta1 * m.numpy() + (1 - beta1) * slope
    second = beta2 * v.numpy() + (1 - beta2) * slope**2
    step = first / (1 - beta1**t) / (np.sqrt(second / (1 - beta2**t)) + eps)
    return torch.from_numpy(p.numpy() - lr * step), torch.from_numpy(first), torch.from_numpy(second)


@variant
def entries(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> Stepped:
    """One number at a time."""
    rows = []
    for x, g, a, s in zip(*(part.flatten().tolist() for part in (p, grad, m, v)), strict=True):
        a_new, s_new = beta1 * a + (1 - beta1) * g, beta2 * s + (1 - beta2) * g * g
        rows.append((x - lr * a_new / (1 - beta1**t) / ((s_new / (1 - beta2**t)) ** 0.5 + eps), a_new, s_new))
    moved, first, second = (torch.tensor(column).reshape(p.shape) for column in zip(*rows, strict=True))
    return moved, first, second
