"""EMA must average what the parameters were in each update, with weights that fade and add up to 1."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_close,
    examples,
    largest,
    matrices,
    predict,
    row,
    variant,
)

Path = list[list[Tensor]]
"""The values of each parameter: where they begin, and then before each update."""
BUILT = "params = [torch.nn.Parameter(part.clone()) for part in path[0]]\nema = EMA(params, decay)\n"
WALK = """for values in path[1:]:
    for param, value in zip(params, values):
        param.data.copy_(value)
    ema.update()
"""
# As an optimizer changes parameters: in place, under no_grad. The gradients of `param.data = ...` would be the same.
REPLACED = """for values in path[1:]:
    for param, value in zip(params, values):
        param.data = value.clone()
    ema.update()
"""
ONE: Path = [[row(1.0)], [row(4.0)]]
TWO: Path = [[row(8.0)], [row(4.0)], [row(1.0)]]
# Two parameters of different shapes whose values never repeat.
FULL: Path = [
    [torch.tensor([[1.0, -2.0], [3.0, 0.5]]), row(-1.5)],
    [torch.tensor([[0.5, 1.0], [-2.0, 4.0]]), row(0.25)],
    [torch.tensor([[-1.5, 3.0], [0.75, -0.25]]), row(-2.0)],
    [torch.tensor([[2.5, -0.5], [1.25, 3.5]]), row(1.0)],
]
some_decays = st.sampled_from([0.25, 0.5, 0.75, 0.9])


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """Draw the values of one or two parameters: their start, and those before one to four updates."""
    columns = draw(st.integers(1, 2))
    sizes = draw(st.lists(st.integers(1, 2), min_size=1, max_size=2))
    return [[draw(matrices(size, columns)) for size in sizes] for _ in range(draw(st.integers(2, 5)))]


def _expected(path: Path, decay: float) -> list[Tensor]:
    """Return the average as what it means: a weighted mean of the values, with weights that are known."""
    shares = [decay ** (len(path) - 1 - k) for k in range(1, len(path))]
    return [
        sum((share * values[i].double() for share, values in zip(shares, path[1:], strict=True)), torch.zeros(()))
        / sum(shares)
        for i in range(len(path[0]))
    ]


def _size(path: Path) -> float:
    return 1 + max(largest(part) for values in path for part in values)


@examples(8)
@given(path=paths(), decay=some_decays)
@example(path=ONE, decay=0.5)
@example(path=ONE, decay=0.9)
@example(path=FULL[:2], decay=0.75)
def test_first_update(EMA: StudentFunction, path: Path, decay: float) -> None:
    """After one update the average is the value of that update, whatever the decay, and the start does not count."""
    found = EMA.run(f"{BUILT}{WALK}ema.average()", path=path[:2], decay=decay)
    says = "After one update, the average is not what the parameters were in it."
    assert_close(found, path[1], scale=_size(path), says=says)


@examples(12)
@given(path=paths(), decay=some_decays)
@example(path=TWO, decay=0.5)
@example(path=FULL, decay=0.75)
@example(path=FULL, decay=0.9)
def test_weighted_mean(EMA: StudentFunction, path: Path, decay: float) -> None:
    """After t updates a value has `decay` times the weight of the next one, and the weights add up to 1."""
    found = EMA.run(f"{BUILT}{WALK}ema.average()", path=path, decay=decay)
    says = f"After {len(path) - 1} updates with decay {decay:g}, this is another average."
    assert_close(found, _expected(path, decay), scale=_size(path), tolerance=PARAM32, says=says)


@examples(8)
@given(path=paths(), decay=some_decays)
@example(path=TWO, decay=0.5)
@example(path=FULL, decay=0.75)
def test_asked_in_between(EMA: StudentFunction, path: Path, decay: float) -> None:
    """Asking for the average after every update, and twice, changes nothing: the correction is not stored."""
    code = f"{BUILT}{WALK.rstrip()}\n    ema.average(), ema.average()\nema.average()"
    found = EMA.run(code, path=path, decay=decay)
    says = "With a call of average after every update, the last average is another one."
    assert_close(found, _expected(path, decay), scale=_size(path), tolerance=PARAM32, says=says)


@examples(6)
@given(path=paths(), decay=some_decays)
@example(path=TWO, decay=0.5)
@example(path=FULL, decay=0.75)
def test_parameters_stay(EMA: StudentFunction, path: Path, decay: float) -> None:
    """The parameters are only looked at: they keep their values, and training goes on with them."""
    found = EMA.run(f"{BUILT}{WALK}asked = ema.average()\n[p.detach() for p in params]", path=path, decay=decay)
    says = "After an update and a call of average, the parameters of the model have changed."
    assert_close(found, path[-1], tolerance=0, says=says)


@examples(6)
@given(path=paths(), decay=some_decays)
@example(path=TWO, decay=0.5)
@example(path=FULL, decay=0.75)
def test_average_stays(EMA: StudentFunction, path: Path, decay: float) -> None:
    """An average that was returned is yours: neither later updates nor changes of the parameters reach it."""
    later = "for param in params:\n    param.data.add_(1)\nema.update()\nema.average()\n"
    found = EMA.run(f"{BUILT}{WALK}kept = ema.average()\n{later}kept", path=path, decay=decay)
    says = "An average that was returned has changed with a later update."
    assert_close(found, _expected(path, decay), scale=_size(path), tolerance=PARAM32, says=says)
    spoil = "for part in ema.average():\n    part.data.zero_()\n"
    found = EMA.run(f"{BUILT}{WALK}{spoil}ema.average()", path=path, decay=decay)
    says = "An average that was returned was overwritten with 0, and the next call returned another one."
    assert_close(found, _expected(path, decay), scale=_size(path), tolerance=PARAM32, says=says)


@examples(4)
@given(decay=some_decays)
@example(decay=0.75)
def test_replaced_values(EMA: StudentFunction, decay: float) -> None:
    """It follows the parameters also where a program gives them new values with `param.data = ...`."""
    found = EMA.run(f"{BUILT}{REPLACED}ema.average()", path=FULL, decay=decay)
    says = "With `param.data = ...` before every update, this is another average."
    assert_close(found, _expected(FULL, decay), scale=_size(FULL), tolerance=PARAM32, says=says)


@examples(3)
@given(decay=some_decays)
@example(decay=0.5)
def test_without_gradients(EMA: StudentFunction, decay: float) -> None:
    """The average has no gradient: autograd records none of the updates.

    Otherwise it would keep the graph of every update alive, and the memory would grow with each step.
    """
    code = f"{BUILT}{WALK}[part.requires_grad for part in ema.average()]"
    found = EMA.run(code, path=FULL, decay=decay)
    if any(found):
        raise CheckFailed("The average requires a gradient: it hangs on a graph.", found, [False] * len(found))


@examples(3)
@given(decay=some_decays)
@example(decay=0.5)
def test_generator(EMA: StudentFunction, decay: float) -> None:
    """It takes a generator, such as model.parameters(), and it follows all of its parameters in every update.

    A generator can be read only once, so the parameters have to be kept.
    """
    code = f"{BUILT.replace('EMA(params', 'EMA((p for p in params)')}{WALK}ema.average()"
    found = EMA.run(code, path=FULL, decay=decay)
    says = "With a generator of parameters, this is another average."
    assert_close(found, _expected(FULL, decay), scale=_size(FULL), tolerance=PARAM32, says=says)


@examples(3)
@given(decay=some_decays)
@example(decay=0.5)
def test_two_averages(EMA: StudentFunction, decay: float) -> None:
    """Two averages of different models, with different decays, know nothing of each other."""
    code = f"""{BUILT}other = [torch.nn.Parameter(torch.ones(3))]
second = EMA(other, decay / 2)
second.update()
{WALK}second.update()
[ema.average(), second.average()]"""
    found = EMA.run(code, path=FULL, decay=decay)
    says = "With a second average beside it, this is another average."
    expected = [_expected(FULL, decay), [torch.ones(3)]]
    assert_close(found, expected, scale=_size(FULL), tolerance=PARAM32, says=says)


@examples(6)
@given(path=paths(), decay=some_decays)
@example(path=FULL, decay=0.75)
def test_as_torch_averaged_model(EMA: StudentFunction, path: Path, decay: float) -> None:
    """AveragedModel of torch begins with a copy of the first value, which keeps the share decay^t: the rest is yours.

    So after t updates it is (1 - decay^t) times your average plus decay^t times the value of the first update.
    """
    found = EMA.run(f"{BUILT}{WALK}ema.average()", path=path, decay=decay)
    model = nn.ParameterList([nn.Parameter(part.double()) for part in path[0]])
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    for values in path[1:]:
        for param, value in zip(model, values, strict=True):
            param.data.copy_(value)
        averaged.update_parameters(model)
    left = decay ** (len(path) - 1)
    mixed = [(1 - left) * part.double() + left * first for part, first in zip(found, path[1], strict=True)]
    expected = [part.detach() for part in averaged.module.parameters()]
    says = "Together with the share decay^t of the first value, your average is not that of torch's AveragedModel."
    assert_close(mixed, expected, scale=_size(path), tolerance=PARAM32, says=says)


@predict(
    answer="About a quarter",
    because="The squares of the weights of a long average add up to (1 - decay) / (1 + decay) = 0.1 / 1.9 = 0.053. The"
    " variance of the noise is multiplied by that, so the noise by its root, 0.23.",
    otherwise={
        "About a tenth": "1 - decay is the weight of the newest value. All others have noise as well, and together they"
        " leave more than that.",
        "About 90 %": "The decay is the share that an average keeps from one update to the next. Most of the noise"
        " cancels, because it has both signs.",
        "None": "The newest values always count, so some noise is left. It would go to 0 if all values of a growing"
        " number had the same weight.",
    },
)
def noise_left(EMA: Callable[..., Any]) -> dict[str, list[float]]:
    """A weight has the value 1 plus noise that is new in each step. How much of the noise is left with decay 0.9?

    Noise means the standard deviation around 1, over many steps.
    """
    torch.manual_seed(0)
    weight = nn.Parameter(torch.zeros(500))
    ema = EMA([weight], 0.9)
    left = []
    for _ in range(60):
        weight.data = 1 + torch.randn(500)
        ema.update()
        left.append((ema.average()[0] - 1).square().mean().sqrt().item())
    assert 0.2 < sum(left[40:]) / 20 < 0.26
    return {"step": [float(step) for step in range(1, 61)], "noise of the average": left}


# Right answers in other styles


@variant
class CorrectedRate:
    """No correction at the end: the share of the new value is (1 - decay) / (1 - decay^t), from 1 on downwards."""

    def __init__(self, params: Iterable[Tensor], decay: float) -> None:
        self.params, self.decay, self.seen = [*params], decay, 0.0
        self.shadow = [p.detach().clone() for p in self.params]

    @torch.no_grad()
    def update(self) -> None:
        self.seen = self.decay * self.seen + (1 - self.decay)
        for s, p in zip(self.shadow, self.params, strict=True):
            s.lerp_(p, (1 - self.decay) / self.seen)

    def average(self) -> list[Tensor]:
        return [s.clone() for s in self.shadow]


@variant
class History:
    """Every value is kept, and the weighted mean is computed in each call of average, in double precision."""

    def __init__(self, params: Iterable[Tensor], decay: float) -> None:
        self.params = tuple(params)
        self.decay = decay
        self.history: list[list[Tensor]] = []

    def update(self) -> None:
        self.history.append([p.detach().double() for p in self.params])
        self.history[-1] = [part.clone() for part in self.history[-1]]

    def average(self) -> list[Tensor]:
        t = len(self.history)
        weights = torch.tensor([self.decay ** (t - k) for k in range(1, t + 1)], dtype=torch.float64)
        weights /= weights.sum()
        columns = zip(*self.history, strict=True)
        return [torch.tensordot(weights, torch.stack(column), 1).float() for column in columns]


@variant
class Foreach:
    """PyTorch's functions for lists of tensors, in float32 throughout."""

    def __init__(self, params: Iterable[Tensor], decay: float) -> None:
        self.params = list(params)
        self.decay = decay
        self.sums = [torch.zeros(p.shape) for p in self.params]
        self.t = torch.tensor(0.0)

    def update(self) -> None:
        torch._foreach_lerp_(self.sums, [p.data for p in self.params], 1 - self.decay)
        self.t += 1

    def average(self) -> list[Tensor]:
        share = 1 - torch.pow(torch.tensor(self.decay), self.t)
        return list(torch._foreach_div(self.sums, share.item()))


@variant
class SumOfShares:
    """Sums that are not scaled, and the sum of the shares beside them; the results in a tuple."""

    def __init__(self, params: Iterable[Tensor], decay: float) -> None:
        self.entries: list[list[Any]] = [[p, 0.0] for p in params]
        self.decay, self.total = decay, 0.0

    def update(self) -> None:
        self.total = 1 + self.decay * self.total
        for entry in self.entries:
            entry[1] = entry[0].detach().clone() + self.decay * entry[1]

    def average(self) -> tuple[Tensor, ...]:
        return tuple(value / self.total for _, value in self.entries)


@variant
class Wrapped:
    """torch's AveragedModel inside, with a function of its own for the average."""

    def __init__(self, params: Iterable[Tensor], decay: float) -> None:
        self.model = nn.ParameterList(params)
        self.weight = 0.0

        def mean(old: Tensor, new: Tensor, _: Any) -> Tensor:
            return old + (new - old) * (1 - decay) / self.weight

        self.averaged, self.decay = AveragedModel(self.model, avg_fn=mean), decay

    def update(self) -> None:
        self.weight = 1 - self.decay + self.decay * self.weight
        self.averaged.update_parameters(self.model)

    def average(self) -> list[Tensor]:
        return [p.detach().clone() for p in self.averaged.module.parameters()]
