"""warmup_cosine must rise linearly to lr_max, fall along half a cosine to lr_min, and stay there."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, LRScheduler, SequentialLR

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, predict, variant

from .shared import rates_of

Plan = tuple[float, float, int, int]
"""lr_max, lr_min, warmup and total."""

# Warm-up and decay have different lengths, and lr_min is not 0.
SHORT = (1.0, 0.25, 2, 6)
LONG = (2.0, 0.5, 3, 11)
COLD = (1.0, 0.25, 0, 4)
LATE = (1.0, 0.25, 3, 4)
TO_ZERO = (0.5, 0.0, 1, 5)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a schedule: the rates, the steps of warm-up, and all steps."""
    lr_max = draw(st.sampled_from([0.125, 0.5, 1.0, 2.0]))
    share = draw(st.sampled_from([0.0, 0.125, 0.25, 0.5]))
    warmup = draw(st.integers(0, 5))
    return lr_max, lr_max * share, warmup, warmup + draw(st.integers(1, 8))


def _named(plan: Plan) -> str:
    lr_max, lr_min, warmup, total = plan
    return f"With lr_max = {lr_max:g}, lr_min = {lr_min:g}, warmup = {warmup} and total = {total}"


@given(plan=plans())
@example(plan=SHORT)
@example(plan=LONG)
@example(plan=TO_ZERO)
@example(plan=COLD)
@example(plan=(1.0, 0.5, 3, 5))
def test_linear_warm_up(warmup_cosine: StudentFunction, plan: Plan) -> None:
    """In the warm-up the rate rises by lr_max / (warmup + 1) in each step, and the first step has that much already.

    So no update is wasted on the rate 0, and step `warmup` is the first one with the whole rate.
    """
    lr_max, _, warmup, total = plan
    rates = [warmup_cosine(t, *plan) for t in range(total + 2)]
    for t in range(warmup + 1):
        says = f"{_named(plan)}, the rate of step {t} is not {t + 1}/{warmup + 1} of lr_max."
        assert_close(rates[t], lr_max * (t + 1) / (warmup + 1), scale=lr_max, says=says)


@given(plan=plans())
@example(plan=COLD)
@example(plan=SHORT)
@example(plan=LATE)
@example(plan=LONG)
def test_landmarks(warmup_cosine: StudentFunction, plan: Plan) -> None:
    """The decay begins at lr_max, is halfway down in the middle, and ends at lr_min in step `total`.

    The middle is between the end of the warm-up and `total`, and not at half of `total`.
    """
    lr_max, lr_min, warmup, total = plan
    landmarks = [(warmup, lr_max), (total, lr_min)]
    if (warmup + total) % 2 == 0:
        landmarks.append(((warmup + total) // 2, (lr_max + lr_min) / 2))
    for t, expected in landmarks:
        says = f"{_named(plan)}, the rate of step {t} is not {expected:g}."
        assert_close(warmup_cosine(t, *plan), expected, scale=lr_max, says=says)


@given(plan=plans(), k=st.integers(0, 8))
@example(plan=COLD, k=1)
@example(plan=SHORT, k=1)
@example(plan=LONG, k=3)
def test_symmetry(warmup_cosine: StudentFunction, plan: Plan, k: int) -> None:
    """The decay looks the same upside down: k steps after its start it has lost what k steps before its end are left.

    So the rates of the two steps add up to lr_max + lr_min, and the mean rate of the decay is halfway between the two.
    """
    lr_max, lr_min, warmup, total = plan
    k = min(k, total - warmup)
    both = float(warmup_cosine(warmup + k, *plan)) + float(warmup_cosine(total - k, *plan))
    says = f"{_named(plan)}, the rates of steps {warmup + k} and {total - k} do not add up to lr_max + lr_min."
    assert_close(both, lr_max + lr_min, scale=lr_max, says=says)


@given(plan=plans())
@example(plan=COLD)
@example(plan=(1.0, 0.25, 0, 3))
@example(plan=LONG)
def test_as_sequential_lr(warmup_cosine: StudentFunction, plan: Plan) -> None:
    """Up to step `total`, the rates are those of LinearLR and then CosineAnnealingLR, joined by SequentialLR.

    The three are in torch.optim.lr_scheduler. LinearLR is told to start at 1 / (warmup + 1) of lr_max.
    """
    lr_max, lr_min, warmup, total = plan

    def make(optimizer: Optimizer) -> LRScheduler:
        if not warmup:
            return CosineAnnealingLR(optimizer, T_max=total, eta_min=lr_min)
        rise = LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup)
        fall = CosineAnnealingLR(optimizer, T_max=total - warmup, eta_min=lr_min)
        return SequentialLR(optimizer, [rise, fall], milestones=[warmup])

    for t, expected in enumerate(rates_of(make, lr_max, total + 1)):
        says = f"{_named(plan)}, the schedulers of PyTorch have another rate in step {t}."
        assert_close(warmup_cosine(t, *plan), expected, scale=lr_max, says=says)


@given(plan=plans())
@example(plan=SHORT)
@example(plan=COLD)
@example(plan=TO_ZERO)
def test_rises_falls_stays(warmup_cosine: StudentFunction, plan: Plan) -> None:
    """The rate rises until the warm-up is over, then falls, and after `total` it stays at lr_min for ever.

    A cosine that goes on would rise again after `total`: a run that is a little longer than planned would heat up.
    """
    lr_max, lr_min, warmup, total = plan
    rates = [float(warmup_cosine(t, *plan)) for t in range(total + 4)]
    slack = LOSS32 * lr_max
    for t in range(1, warmup + 1):
        assert_at_most(rates[t - 1], rates[t], slack=slack, says=f"{_named(plan)}, the rate falls at step {t}.")
    for t in range(warmup + 1, total + 1):
        assert_at_most(rates[t], rates[t - 1], slack=slack, says=f"{_named(plan)}, the rate rises at step {t}.")
    for t in range(total, total + 4):
        says = f"{_named(plan)}, the rate of step {t} is not lr_min."
        assert_close(rates[t], lr_min, scale=lr_max, says=says)


@predict(
    answer="About half as far",
    because="With the same gradient in every step, the distance is the sum of the rates. Half a cosine is above its"
    " middle as long as it is below it, so its mean rate is half of lr_max.",
    otherwise={
        "About as far": "The constant rate keeps lr_max in every step; the cosine has it only at the beginning.",
        "About two thirds as far": "That is the area below a parabola that falls from the same height. A cosine is"
        " symmetric about its middle, so the area is one half.",
        "About a third as far": "The cosine stays near lr_max for a while before it falls, and near 0 for just as"
        " long.",
    },
)
def how_far_a_cosine_goes(warmup_cosine: Callable[..., float]) -> dict[str, list[float]]:
    """Every step has the same gradient, and you take 100 steps: once with lr_max, once with half a cosine from it to 0.

    How far does the second walk get, compared with the first one?
    """
    way = [0.0]
    for t in range(100):
        way.append(way[-1] + warmup_cosine(t, 1.0, 0.0, 0, 100))
    assert abs(way[-1] / 100 - 0.5) < 0.01
    return {"step": [float(t) for t in range(101)], "distance": way}


# Right answers in other styles


@variant
def one_minus_sine(t: int, lr_max: float, lr_min: float, warmup: int, total: int) -> float:
    """The square of a cosine of half the angle, and the share of the warm-up as a factor."""
    rise = min((t + 1) / (warmup + 1), 1.0)
    angle = math.pi / 2 * min(max(t - warmup, 0) / (total - warmup), 1.0)
    return rise * lr_max if t <= warmup else lr_min + (lr_max - lr_min) * math.cos(angle) ** 2


@variant
def float32(t: int, lr_max: float, lr_min: float, warmup: int, total: int) -> torch.Tensor:
    """Tensors without dimensions, float32 throughout."""
    if t < warmup:
        return torch.tensor(lr_max) * (t + 1) / (warmup + 1)
    progress = torch.tensor((t - warmup) / (total - warmup)).clamp(max=1.0)
    return torch.lerp(torch.tensor(lr_min), torch.tensor(lr_max), 0.5 * (1 + torch.cos(torch.pi * progress)))


@variant
def table(t: int, lr_max: float, lr_min: float, warmup: int, total: int) -> float:
    """All rates at once, in NumPy, and the one of step t is looked up."""
    rise = np.linspace(0, lr_max, warmup + 2)[1:]
    fall = (lr_max + lr_min) / 2 + (lr_max - lr_min) / 2 * np.cos(np.linspace(0, np.pi, total - warmup + 1))
    rates = np.concatenate([rise, fall[1:]])
    return float(rates[min(t, total)])


@variant
def sum_of_rises(t: int, lr_max: float, lr_min: float, warmup: int, total: int) -> float:
    """The warm-up as a loop of equal rises, and degrees in place of radians."""
    lr = 0.0
    for _ in range(min(t, warmup) + 1):
        lr += lr_max / (warmup + 1)
    if t > warmup:
        degrees = 180 * min(t - warmup, total - warmup) / (total - warmup)
        lr -= (lr_max - lr_min) * (1 - math.cos(math.radians(degrees))) / 2
    return lr
