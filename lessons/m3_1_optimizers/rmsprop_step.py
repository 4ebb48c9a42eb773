"""rmsprop_step must divide the gradient by the root of the running average of its square."""

from collections.abc import Callable

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
"""p, grad and sq."""
ONE: Triple = (row(1.0), row(2.0), row(0.25))
FULL: Triple = (row(1.0, -2.0, 0.5), row(3.0, 0.25, -1.5), row(2.0, 0.75, 3.5))
some_alphas, some_eps = st.sampled_from([0.25, 0.75, 0.875, 0.99]), st.sampled_from([1e-8, 1e-3, 1 / 8])


def _size(values: Triple) -> float:
    return 1 + largest(values[0])


@examples(12)
@given(values=triples(), lr=some_rates, alpha=some_alphas)
@example(values=ONE, lr=0.125, alpha=0.75)
@example(values=FULL, lr=0.25, alpha=0.75)
def test_no_gradient(rmsprop_step: StudentFunction, values: Triple, lr: float, alpha: float) -> None:
    """Where the gradient is 0, p stays, and the average of the squares keeps the share alpha.

    So what RMSProp remembers of a large gradient fades, by the same share in every step.
    """
    p, _, sq = values
    expected = (p.double(), alpha * sq.double())
    says = "Without a gradient p has moved, or sq has not kept the share alpha."
    found = rmsprop_step(p, torch.zeros_like(p), sq, lr, alpha, 1e-8)
    assert_close(found, expected, scale=_size(values) + largest(sq), says=says)


@examples(12)
@given(values=triples(), lr=some_rates, alpha=some_alphas)
@example(values=ONE, lr=0.125, alpha=0.75)
@example(values=FULL, lr=0.25, alpha=0.99)
def test_first_step(rmsprop_step: StudentFunction, values: Triple, lr: float, alpha: float) -> None:
    """The first step has the length lr / sqrt(1 - alpha) for every parameter, whatever the size of its gradient.

    The average is (1 - alpha) g^2 then, and g over its root is the sign of g over sqrt(1 - alpha).
    """
    p, grad, _ = values
    expected = p.double() - lr * grad.double().sign() / (1 - alpha) ** 0.5
    moved, sq = rmsprop_step(p, grad, torch.zeros_like(p), lr, alpha, TINY)
    says = "The first step is not lr / sqrt(1 - alpha) in every entry, against the sign of the gradient."
    assert_close(moved, expected, tolerance=PARAM32, scale=_size(values), says=says)
    share = 1 - alpha
    says = f"After the first step sq is not 1 - alpha = {share:.4g} of the squared gradient."
    assert_close(sq, share * grad.double() ** 2, tolerance=PARAM32, scale=share * largest(grad) ** 2, says=says)


@examples(12)
@given(values=triples(), lr=some_rates, alpha=some_alphas)
@example(values=ONE, lr=0.125, alpha=0.75)
@example(values=FULL, lr=0.25, alpha=0.75)
def test_scale(rmsprop_step: StudentFunction, values: Triple, lr: float, alpha: float) -> None:
    """If all gradients so far had been 8 times as large, this step would be the same.

    The average of their squares is 64 times as large then, and its root 8 times: the factor cancels.
    """
    p, grad, sq = values
    sq = sq + 1 / 8  # nowhere 0
    plain, _ = rmsprop_step(p, grad, sq, lr, alpha, TINY)
    scaled, _ = rmsprop_step(p, 8 * grad, 64 * sq, lr, alpha, TINY)
    says = "With a gradient 8 times as large, and an average 64 times as large, p ends somewhere else."
    assert_close(scaled, plain, scale=_size(values) + 10 * lr, says=says)


@examples(12)
@given(values=triples(), lr=some_rates, alpha=some_alphas)
@example(values=ONE, lr=0.125, alpha=0.75)
@example(values=FULL, lr=0.25, alpha=0.75)
def test_longest_step(rmsprop_step: StudentFunction, values: Triple, lr: float, alpha: float) -> None:
    """No step is longer than lr / sqrt(1 - alpha): the new average holds at least 1 - alpha of the new square."""
    p, grad, sq = values
    moved, _ = rmsprop_step(p, grad, sq, lr, alpha, 1e-8)
    limit = lr / (1 - alpha) ** 0.5
    longest = largest(moved.double() - p.double())
    says = f"A parameter has moved by {longest:.4g}, more than lr / sqrt(1 - alpha) = {limit:.4g}."
    assert_at_most(longest, limit, slack=PARAM32 * (_size(values) + limit), says=says)


@examples(12)
@given(values=triples(), lr=some_rates, alpha=some_alphas)
@example(values=(row(1.0), row(2.0), row(0.0)), lr=0.125, alpha=0.75)
@example(values=FULL, lr=0.25, alpha=0.75)
def test_large_eps(rmsprop_step: StudentFunction, values: Triple, lr: float, alpha: float) -> None:
    """The number eps is added to the root, so an eps of 2 makes the divisor larger by 2.

    Inside the root it would do less. With the usual 1e-8 the difference shows where gradients are about that small.
    """
    p, grad, sq = (part.double() for part in values)
    root = (alpha * sq + (1 - alpha) * grad**2).sqrt()
    says = "With eps = 2 the gradient is not divided by the root plus 2."
    found, _ = rmsprop_step(*values, lr, alpha, 2.0)
    assert_close(found, p - lr * grad / (root + 2), scale=_size(values), says=says)


@examples(8)
@given(run=runs(), lr=some_rates, alpha=some_alphas, eps=some_eps)
@example(run=RUN, lr=0.125, alpha=0.75, eps=1e-8)
@example(run=SQUARE, lr=0.125, alpha=0.99, eps=0.125)
def test_as_torch_rmsprop(rmsprop_step: StudentFunction, run: Run, lr: float, alpha: float, eps: float) -> None:
    """Step by step, p is where torch.optim.RMSprop takes it, for any gradients."""
    expected = torch_run(torch.optim.RMSprop, run, lr=lr, alpha=alpha, eps=eps)
    p, sq = run[0], torch.zeros_like(run[0])
    for t, grad in enumerate(run[1]):
        p, sq = rmsprop_step(p, grad, sq, lr, alpha, eps)
        says = f"After step {t + 1} torch.optim.RMSprop is somewhere else."
        assert_close(p, expected[t], tolerance=PARAM32, scale=size_of(run, lr), says=says)


@predict(
    answer="Ten times lr, for both",
    because="The average begins at 0 and has seen a hundredth of the square: its root is a tenth of the gradient,"
    " large or small. Adam corrects this, and RMSProp does not.",
    otherwise={
        "lr, for both": "That would be so if the average were the square of the gradient. It began at 0, and only a"
        " hundredth of the square has been added.",
        "A million times longer for the large one": "That is gradient descent. Here each is divided by its own size.",
        "0: there is no average yet": "The average is updated before it divides, so it holds a hundredth of the new"
        " square.",
    },
)
def first_steps_of_two_parameters(
    rmsprop_step: Callable[..., tuple[Tensor, Tensor]],
) -> dict[str, list[float]]:
    """Two parameters begin at 0; the gradient of the one is always 1000, that of the other 0.001.

    You take RMSProp with PyTorch's alpha of 0.99. How long is the very first step?
    """
    p, sq, grad = torch.zeros(2), torch.zeros(2), torch.tensor([1000.0, 0.001])
    lengths = []
    for _ in range(40):
        before = p
        p, sq = rmsprop_step(p, grad, sq, 0.125, 0.99, 1e-8)
        lengths.append(((before - p) / 0.125).tolist())
    assert all(abs(length - 10) < 0.01 for length in lengths[0])
    return {"step": [float(step) for step in range(1, 41)], "length in units of lr": [pair[0] for pair in lengths]}


# Right answers in other styles


@variant
def optimizer(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """torch.optim.RMSprop with its state filled in."""
    leaf = p.clone().requires_grad_()
    leaf.grad = grad.clone()
    rms = torch.optim.RMSprop([leaf], lr=lr, alpha=alpha, eps=eps)
    rms.state[leaf].update(step=torch.tensor(1.0), square_avg=sq.clone())
    rms.step()
    return leaf.detach(), rms.state[leaf]["square_avg"]


@variant
def in_place(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """As PyTorch's own source does it, on clones."""
    p, sq = p.clone(), sq.clone()
    sq.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
    p.addcdiv_(grad, sq.sqrt().add_(eps), value=-lr)
    return p, sq


@variant
def lerp(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """An interpolation towards the new square, and a learning rate for each entry."""
    sq = torch.lerp(sq, grad.square(), 1 - alpha)
    rates = lr / (torch.sqrt(sq) + eps)
    return p - rates * grad, sq


@variant
def float32(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """float32 throughout, the numbers as well."""
    rate, keep, small = (torch.tensor(value) for value in (lr, alpha, eps))
    sq = keep * sq + (1 - keep) * grad * grad
    return p - rate * (grad / (sq**0.5 + small)), sq


@variant
def numpy(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """NumPy in float64."""
    slope = grad.numpy().astype(np.float64)
    average = alpha * sq.numpy().astype(np.float64) + (1 - alpha) * slope**2
    return torch.from_numpy(p.numpy() - lr * slope / (np.sqrt(average) + eps)), torch.from_numpy(average)


@variant
def entries(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """One number at a time."""
    averages = [alpha * s + (1 - alpha) * g * g for s, g in zip(sq.flatten(), grad.flatten(), strict=True)]
    moved = [x - lr * g / (s**0.5 + eps) for x, g, s in zip(p.flatten(), grad.flatten(), averages, strict=True)]
    return torch.stack(moved).reshape(p.shape), torch.stack(averages).reshape(p.shape)
