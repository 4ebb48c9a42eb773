"""expected_excess must give the mean height over all batches that can come, step by step."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    examples,
    largest,
    picture,
    predict,
    variant,
)

Bowl = tuple[float, float, float]
"""The excess at the start, the curvature and the variance."""

ROUND: Bowl = (4.0, 4.0, 32.0)
FLAT: Bowl = (3.0, 0.5, 5.0)
STEEP: Bowl = (2.0, 3.0, 1.0)

some_rates = st.sampled_from([0.0, 0.0625, 0.125, 0.25, 0.375, 0.5])
rate_lists = st.lists(some_rates, min_size=0, max_size=4)
bowls = st.tuples(
    st.sampled_from([0.0, 0.5, 2.0, 3.0]), st.sampled_from([0.25, 0.5, 2.0, 3.0]), st.sampled_from([0.0, 1.0, 5.0, 8.0])
)


def _over_all_flips(lrs: list[float], excess: float, curvature: float, variance: float) -> list[float]:
    """Return the mean heights over all sequences of coin flips: heads adds the root of the variance, tails takes it."""
    start, noise = math.sqrt(2 * excess / curvature), math.sqrt(variance)
    sums = [0.0] * (len(lrs) + 1)
    for flips in itertools.product([noise, -noise], repeat=len(lrs)):
        delta = start
        sums[0] += curvature / 2 * delta**2
        for step, (lr, flip) in enumerate(zip(lrs, flips, strict=True)):
            delta -= lr * (curvature * delta + flip)
            sums[step + 1] += curvature / 2 * delta**2
    return [total / 2 ** len(lrs) for total in sums]


def _named(lrs: list[float], bowl: Bowl) -> str:
    excess, curvature, variance = bowl
    return f"With lrs = {lrs}, excess = {excess:g}, curvature = {curvature:g} and variance = {variance:g}"


@given(lrs=rate_lists, bowl=bowls)
@example(lrs=[], bowl=ROUND)
@example(lrs=[0.125], bowl=(0.0, 4.0, 32.0))
@example(lrs=[0.25], bowl=FLAT)
@example(lrs=[0.5, 0.25, 0.125], bowl=FLAT)
@example(lrs=[0.125, 0.5, 0.25, 0.25], bowl=STEEP)
def test_all_coin_flips(expected_excess: StudentFunction, lrs: list[float], bowl: Bowl) -> None:
    """The heights are the means over all walks, if each gradient is off by plus or minus the root of the variance.

    A coin decides about plus and minus, so T steps have 2**T walks, all equally likely. All of them are walked, in
    plain Python, with delta as the way from the bottom, and curvature / 2 * delta**2 as the height.
    """
    expected = _over_all_flips(lrs, *bowl)
    says = f"{_named(lrs, bowl)}, your heights are not the mean heights of all {2 ** len(lrs)} walks."
    assert_close(expected_excess(lrs, *bowl), expected, scale=1 + largest(expected), says=says)


@given(lrs=rate_lists, bowl=bowls)
@example(lrs=[0.125], bowl=ROUND)
@example(lrs=[0.5, 0.25, 0.125], bowl=FLAT)
def test_without_noise(expected_excess: StudentFunction, lrs: list[float], bowl: Bowl) -> None:
    """Without noise, a step multiplies the height by (1 - lr * curvature) squared: that is lesson 1.2.

    The way from the bottom is multiplied by 1 - lr * curvature, and the height grows with its square.
    """
    excess, curvature, _ = bowl
    factors = [(1 - lr * curvature) ** 2 for lr in lrs]
    expected = list(itertools.accumulate(factors, lambda height, factor: height * factor, initial=excess))
    says = f"{_named(lrs, (excess, curvature, 0.0))}, your heights are not those of plain gradient descent."
    assert_close(expected_excess(lrs, excess, curvature, 0.0), expected, scale=1 + excess, says=says)


@given(share=st.sampled_from([0.125, 0.25, 0.5, 1.0, 1.5]), bowl=bowls, steps=st.integers(1, 5))
@example(share=0.5, bowl=ROUND, steps=1)
@example(share=0.25, bowl=FLAT, steps=4)
def test_floor(expected_excess: StudentFunction, share: float, bowl: Bowl, steps: int) -> None:
    """With a constant rate, the height lr * variance / (2 * (2 - lr * curvature)) stays as it is: that is the floor.

    There, what a step gains by the gradient and what it loses by the noise are equal. For a small rate the floor is
    lr * variance / 4, as in lesson 1.3.
    """
    _, curvature, variance = bowl
    lr = share / curvature
    floor = lr * variance / (2 * (2 - lr * curvature))
    says = (
        f"{_named([lr] * steps, (floor, curvature, variance))}, the start is on the floor, and your heights leave it."
    )
    assert_close(
        expected_excess([lr] * steps, floor, curvature, variance), [floor] * (steps + 1), scale=1 + floor, says=says
    )


@given(share=st.sampled_from([0.125, 0.25, 0.5, 1.0]), bowl=bowls)
@example(share=0.5, bowl=ROUND)
@example(share=0.25, bowl=STEEP)
def test_a_lower_rate_goes_lower(expected_excess: StudentFunction, share: float, bowl: Bowl) -> None:
    """From the floor of one rate, half the rate leads down, but never below a floor of its own.

    That is why learning rates fall towards the end of training: the noise comes in with the square of the rate.
    """
    _, curvature, variance = bowl
    lr = share / curvature
    floor, lower = (rate * variance / (2 * (2 - rate * curvature)) for rate in (lr, lr / 2))
    heights = [float(height) for height in expected_excess([lr / 2] * 5, floor, curvature, variance)]
    slack = LOSS32 * (1 + floor)
    for step in range(1, 6):
        says = f"{_named([lr / 2] * 5, (floor, curvature, variance))}, step {step} does not lead down."
        assert_at_most(heights[step], heights[step - 1], slack=slack, says=says)
    assert_at_most(lower, heights[-1], slack=slack, says="Your heights fall below the floor of the lower rate.")


@examples(12)
@given(lrs=rate_lists, bowl=bowls)
@example(lrs=[0.125, 0.0625], bowl=ROUND)
@example(lrs=[0.5, 0.25, 0.125], bowl=FLAT)
def test_two_parts(expected_excess: StudentFunction, lrs: list[float], bowl: Bowl) -> None:
    """The height is a sum: what is left of the start, without noise, plus what the noise alone makes of a start at 0.

    Noise that is right on average has no preference for a side, so the two do not influence each other.
    """
    excess, curvature, variance = bowl
    both = expected_excess(lrs, excess, curvature, variance)
    parts = [expected_excess(lrs, excess, curvature, 0.0), expected_excess(lrs, 0.0, curvature, variance)]
    summed = [float(left) + float(made) for left, made in zip(*parts, strict=True)]
    says = f"{_named(lrs, bowl)}, your heights are not the sum of those without noise and those from a start at 0."
    assert_close(both, summed, scale=1 + largest(summed), says=says)


@predict(
    answer="Without noise the constant one, with noise the cosine",
    because="Without noise every step multiplies the height by a factor below 1, and the larger rate has the smaller"
    " factor. With noise, the constant rate stays on its floor, and the cosine lowers the floor on the way.",
    otherwise={
        "Both times the constant one": "So it is without noise. But with noise a constant rate stays on a floor in"
        " proportion to the rate.",
        "Both times the cosine": "Without noise there is nothing to be gained by small steps: they only arrive later.",
        "Without noise the cosine, with noise the constant one": "It is the other way round: small steps help against"
        " noise, and cost time without it.",
    },
)
def which_ends_lower(expected_excess: Callable[..., list[float]]) -> dict[str, list[float]]:
    """You take 200 steps on a bowl, once with the constant rate 0.1 and once with half a cosine from 0.1 to 0.

    At 0.1 gradient descent is stable, and each step without noise brings you nearer. Which of the two schedules ends
    lower if the gradient is exact, and which one if it is noisy?
    """
    constant = [0.1] * 200
    cosine = [0.05 * (1 + math.cos(math.pi * t / 200)) for t in range(200)]
    assert expected_excess(constant, 10.0, 1.0, 0.0)[-1] < expected_excess(cosine, 10.0, 1.0, 0.0)[-1]
    assert expected_excess(constant, 10.0, 1.0, 5.0)[-1] > 4 * expected_excess(cosine, 10.0, 1.0, 5.0)[-1]
    heights = expected_excess(cosine, 10.0, 1.0, 5.0)
    return {"step": [float(step) for step in range(201)], "expected excess of the cosine, with noise": heights}


@picture
def axes_of_expected_excess(axes: Axes, lrs: list[float], curvature: float, variance: float, **_: object) -> None:
    """Draw the floor of each step's rate, where that rate is stable."""
    for step, lr in enumerate(lrs):
        if lr * curvature < 2:
            floor = lr * variance / (2 * (2 - lr * curvature))
            axes.plot([step, step + 1], [floor, floor], ":", color="black", linewidth=1.2)
    axes.set(xlabel="steps taken", ylabel="mean height, floors dotted")


# Right answers in other styles


@variant
def way_from_the_bottom(lrs: list[float], excess: float, curvature: float, variance: float) -> list[float]:
    """The mean square of the way from the bottom, and heights at the end."""
    squares = [2 * excess / curvature]
    for lr in lrs:
        squares.append((1 - 2 * lr * curvature + lr**2 * curvature**2) * squares[-1] + lr**2 * variance)
    return [curvature * square / 2 for square in squares]


@variant
def float32(lrs: list[float], excess: float, curvature: float, variance: float) -> torch.Tensor:
    """Tensors, float32 throughout."""
    rates, heights = torch.tensor(lrs), torch.empty(len(lrs) + 1)
    heights[0] = excess
    for step, lr in enumerate(rates):
        heights[step + 1] = heights[step] * (1 - lr * curvature).square() + 0.5 * curvature * variance * lr.square()
    return heights


@variant
def unrolled(lrs: list[float], excess: float, curvature: float, variance: float) -> list[float]:
    """What is left of the start, plus what is left of the noise of each step, in NumPy."""
    rates = np.array(lrs, dtype=np.float64)
    kept = (1 - rates * curvature) ** 2
    heights = [
        excess * kept[:end].prod()
        + sum(curvature / 2 * rates[s] ** 2 * variance * kept[s + 1 : end].prod() for s in range(end))
        for end in range(len(lrs) + 1)
    ]
    return [float(height) for height in heights]


@variant
def towards_the_floor(lrs: list[float], excess: float, curvature: float, variance: float) -> list[float]:
    """The distance from the floor of the present rate shrinks by the factor; itertools goes from step to step."""

    def step(height: float, lr: float) -> float:
        if lr * curvature == 2.0:
            return height + curvature / 2 * lr * lr * variance
        floor = lr * variance / (2 * (2 - lr * curvature))
        return floor + (height - floor) * (1 - lr * curvature) ** 2

    return list(itertools.accumulate(lrs, step, initial=excess))


@variant
def mean_and_spread(lrs: list[float], excess: float, curvature: float, variance: float) -> list[float]:
    """The mean of the way and its variance, each by its own rule."""
    mean, spread, heights = math.sqrt(2 * excess / curvature), 0.0, [excess]
    for lr in lrs:
        mean, spread = mean - lr * curvature * mean, (1 - lr * curvature) ** 2 * spread + lr * lr * variance
        heights += [curvature / 2 * (mean**2 + spread)]
    return heights
