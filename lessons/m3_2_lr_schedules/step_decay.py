"""step_decay must multiply the rate by gamma after every block of steps, and leave it alone within a block."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.optim.lr_scheduler import ExponentialLR, StepLR

from grader.authoring import StudentFunction, assert_at_most, assert_close, predict, variant

from .shared import rates_of

# Powers of 2 and a few other fractions, so that no two formulas agree.
some_rates = st.sampled_from([0.125, 0.5, 0.75, 1.0, 2.0])
some_gammas = st.sampled_from([0.125, 0.25, 0.5, 0.75])
some_blocks = st.integers(1, 5)


@given(steps=st.integers(1, 9), lr0=some_rates, gamma=some_gammas, every=some_blocks)
@example(steps=1, lr0=0.5, gamma=0.25, every=3)
@example(steps=8, lr0=0.5, gamma=0.25, every=3)
def test_drops_so_far(step_decay: StudentFunction, steps: int, lr0: float, gamma: float, every: int) -> None:
    """The rate is lr0, multiplied by gamma once for each complete block of `every` steps before step t.

    The expected rates come from a loop that goes from step to step and multiplies at the beginning of a new block.
    """
    rates = [step_decay(t, lr0, gamma, every) for t in range(steps)]
    expected = lr0
    for t, rate in enumerate(rates):
        if t > 0 and t % every == 0:
            expected *= gamma
        says = f"With lr0 = {lr0:g}, gamma = {gamma:g} and every = {every}, this is not the rate of step {t}."
        assert_close(rate, expected, scale=expected, says=says)


@given(block=st.integers(0, 3), lr0=some_rates, gamma=some_gammas, every=some_blocks)
@example(block=0, lr0=0.5, gamma=0.25, every=3)
@example(block=2, lr0=2.0, gamma=0.5, every=4)
def test_same_within_a_block(step_decay: StudentFunction, block: int, lr0: float, gamma: float, every: int) -> None:
    """All steps of a block have the same rate, and none has a higher rate than lr0."""
    first, last = block * every, block * every + every - 1
    before, after = (step_decay(t, lr0, gamma, every) for t in (first, last))
    says = f"With every = {every}, steps {first} and {last} are in one block, and their rates differ."
    assert_close(after, before, scale=lr0 * gamma**block, says=says)
    assert_at_most(before, lr0, slack=1e-5 * lr0, says=f"The rate of step {first} is higher than lr0 = {lr0:g}.")


@given(t=st.integers(0, 8), lr0=some_rates, gamma=some_gammas, every=some_blocks)
@example(t=0, lr0=0.5, gamma=0.25, every=3)
@example(t=4, lr0=2.0, gamma=0.5, every=2)
def test_one_block_later(step_decay: StudentFunction, t: int, lr0: float, gamma: float, every: int) -> None:
    """One block later, the rate is gamma times what it was: the same share is taken away each time.

    That is what makes the decay geometric: the rate halves, say, in each block, and never reaches 0.
    """
    now, later = step_decay(t, lr0, gamma, every), step_decay(t + every, lr0, gamma, every)
    says = f"The rate of step {t + every} is not gamma = {gamma:g} times that of step {t}, one block earlier."
    assert_close(later, gamma * float(now), scale=lr0 * gamma ** ((t + every) // every), says=says)


@given(lr0=some_rates, gamma=some_gammas, every=some_blocks)
@example(lr0=0.5, gamma=0.25, every=1)
@example(lr0=0.5, gamma=0.25, every=3)
def test_as_step_lr(step_decay: StudentFunction, lr0: float, gamma: float, every: int) -> None:
    """The rates of seven steps are those of torch.optim.lr_scheduler.StepLR; with every = 1, of ExponentialLR.

    A scheduler of PyTorch changes the rate of its optimizer at each call of `step()`. Here the rate is read before.
    """
    make = partial(ExponentialLR, gamma=gamma) if every == 1 else partial(StepLR, step_size=every, gamma=gamma)
    for t, expected in enumerate(rates_of(make, lr0, 7)):
        says = f"In step {t}, the scheduler of PyTorch has another rate."
        assert_close(step_decay(t, lr0, gamma, every), expected, scale=expected, says=says)


@predict(
    answer="300 steps",
    because="A thousandth is a tenth of a tenth of a tenth: three drops, and the third one comes after 300 steps. The"
    " rate falls by shares: every 100 steps it loses nine tenths of what is left.",
    otherwise={
        "1000 steps": "That would be a hundred steps for each of ten drops. Three drops are enough, because each one"
        " multiplies what the others left.",
        "200 steps": "After 200 steps there have been two drops, and a tenth of a tenth is a hundredth.",
        "Never: it only gets closer to 0": "It never reaches 0, but it passes every positive number.",
    },
)
def how_soon_a_thousandth(step_decay: Callable[..., float]) -> dict[str, list[float]]:
    """A learning rate is multiplied by 0.1 every 100 steps. After how many steps is a thousandth of it left?"""
    steps = list(range(0, 401, 4))
    rates = [step_decay(t, 1.0, 0.1, 100) for t in steps]
    assert step_decay(299, 1.0, 0.1, 100) > 0.002
    assert abs(step_decay(300, 1.0, 0.1, 100) - 0.001) < 1e-9
    return {"step": [float(t) for t in steps], "learning rate": rates}


# Right answers in other styles


@variant
def loop(t: int, lr0: float, gamma: float, every: int) -> float:
    """A loop over the steps, which multiplies at the beginning of each block."""
    lr = lr0
    for step in range(1, t + 1):
        if step % every == 0:
            lr *= gamma
    return lr


@variant
def recursion(t: int, lr0: float, gamma: float, every: int) -> float:
    """A function that calls itself for the block before."""
    return lr0 if t < every else gamma * recursion(t - every, lr0, gamma, every)


@variant
def float32(t: int, lr0: float, gamma: float, every: int) -> torch.Tensor:
    """Tensors without dimensions, float32 throughout."""
    drops = torch.div(torch.tensor(t), every, rounding_mode="floor")
    return torch.tensor(lr0) * torch.tensor(gamma) ** drops


@variant
def logarithms(t: int, lr0: float, gamma: float, every: int) -> float:
    """NumPy, with the exponential of a logarithm."""
    return float(np.exp(np.log(lr0) + np.floor(t / every) * np.log(gamma)))


@variant
def scheduler(t: int, lr0: float, gamma: float, every: int) -> float:
    """The scheduler of PyTorch itself."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr0)
    steps = torch.optim.lr_scheduler.StepLR(optimizer, every, gamma)
    for _ in range(t):
        optimizer.step()
        steps.step()
    return float(steps.get_last_lr()[0])
