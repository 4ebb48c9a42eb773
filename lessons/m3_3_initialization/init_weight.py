"""init_weight must draw weights of the right spread and form, the same for the same seed; the numbers are free."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, driver, examples, variant

from .shared import Shape

SCHEMES = ("he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "torch_default")
few, seeds, schemes = st.integers(1, 5), st.integers(0, 1000), st.sampled_from(SCHEMES)
small = st.one_of(st.tuples(few, few), st.tuples(few, few, few, few))
# So many entries that a spread is known to one percent. In and out differ, so that each mistake has its own spread, far
# from where its rounding changes.
WIDE, TALL, KERNEL, LAYER = (77, 250), (300, 64), (64, 32, 3, 3), (200, 722)
large = st.sampled_from([WIDE, TALL, KERNEL])


def _rule(shape: Shape, scheme: str) -> float:
    """Return the variance that a scheme has for a shape."""
    places = math.prod(shape[2:])
    fan_in, fan_out = shape[1] * places, shape[0] * places
    rules = {"xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in, "torch": 1 / (3 * fan_in)}
    return rules[scheme.partition("_")[0]]


@examples(4)
@given(shape=small, scheme=schemes, seed=seeds)
@example(shape=(2, 3), scheme="he_normal", seed=0)
@example(shape=(2, 3), scheme="xavier_uniform", seed=0)
@example(shape=(4, 2, 3), scheme="torch_default", seed=0)
def test_form(init_weight: StudentFunction, shape: Shape, scheme: str, seed: int) -> None:
    """The result is a float32 tensor of the given shape.

    The shape has the outputs first, as torch's layers have it.
    """
    found = init_weight.drive("form", shape, scheme, seed)
    if found != "as described":
        raise CheckFailed(f"Your function returns no such weight: {found}.", found, "as described")


def _first_wrong(
    init_weight: StudentFunction, driver: str, shape: Shape, seed: int, expected: Callable[[str], Any]
) -> tuple[str, Any] | None:
    """Look at all five schemes, and return the first that is not as expected, with what was found.

    All are looked at even if the first is wrong: a mistake is named from all of them.
    """
    found = {scheme: init_weight.drive(driver, shape, scheme, seed) for scheme in SCHEMES}
    return next(((scheme, found[scheme]) for scheme in SCHEMES if found[scheme] != expected(scheme)), None)


@examples(2)
@given(shape=large, seed=seeds)
@example(shape=WIDE, seed=0)
@example(shape=KERNEL, seed=0)
def test_spread(init_weight: StudentFunction, shape: Shape, seed: int) -> None:
    """The standard deviation of the entries is that of the rule, and their mean is 0.

    There are so many entries here that luck plays no part: as a multiple of the rule and rounded to one decimal, the
    standard deviation is 1.
    """
    expected = {"std": 1.0, "mean": 0.0}
    wrong = _first_wrong(init_weight, "spread", shape, seed, lambda _: expected)
    if wrong is not None:
        scheme, found = wrong
        fact = "mean" if found["mean"] != expected["mean"] else "std"
        name = {"mean": "mean", "std": "standard deviation"}[fact]
        says = f"The {name} of {scheme} for {shape}, divided by the standard deviation of the rule, is {found[fact]}."
        raise CheckFailed(f"{says} It must be {expected[fact]}.", found, expected)


@examples(2)
@given(shape=large, seed=seeds)
@example(shape=WIDE, seed=0)
def test_normal_or_uniform(init_weight: StudentFunction, shape: Shape, seed: int) -> None:
    """A uniform weight ends at 1.7 standard deviations, on both sides; a normal one has entries beyond 3.

    The bound of a uniform distribution is the root of 3 times its standard deviation. 32 % of a normal distribution are
    beyond one standard deviation, and 42 % of a uniform one.
    """
    normal, uniform = {"ends": "beyond 3", "beyond 1": 0.3}, {"ends": "at 1.7", "beyond 1": 0.4}
    wrong = _first_wrong(init_weight, "outline", shape, seed, lambda scheme: normal if "normal" in scheme else uniform)
    if wrong is not None:
        scheme, found = wrong
        says = f"In standard deviations, the entries of {scheme} end {found['ends']}, and {found['beyond 1']:.0%} are"
        raise CheckFailed(f"{says} beyond 1, rounded to tens.", found, normal if "normal" in scheme else uniform)


@examples(2)
@given(seed=seeds)
@example(seed=0)
def test_signal(init_weight: StudentFunction, seed: int) -> None:
    """He keeps the signal's size through ReLU; Xavier keeps the mean of forward and backward; the default shrinks it.

    The layer has 722 inputs and 200 outputs. Forward the mean square is multiplied by fan_in times the variance, and
    ReLU halves it; the mean square of a gradient that goes back is multiplied by fan_out times the variance. Xavier
    makes the mean of the two factors 1, and the default makes the first of them 1/3. Roots are compared.
    """
    facts = {"he": {"after ReLU": 1.0}, "xavier": {"forward and backward": 1.0}, "torch": {"forward": 0.6}}
    wrong = _first_wrong(init_weight, "signal", LAYER, seed, lambda scheme: facts[scheme.partition("_")[0]])
    if wrong is not None:
        scheme, found = wrong
        ((name, value),) = facts[scheme.partition("_")[0]].items()
        says = f"{scheme} multiplies the root mean square by {found[name]} ({name}), expected {value}."
        raise CheckFailed(says, found, {name: value})


@examples(4)
@given(shape=large, scheme=schemes, seed=seeds)
@example(shape=WIDE, scheme="he_normal", seed=0)
@example(shape=KERNEL, scheme="xavier_uniform", seed=0)
def test_entries_differ(init_weight: StudentFunction, shape: Shape, scheme: str, seed: int) -> None:
    """Nearly all entries differ from each other: every one is drawn by itself.

    Units that begin alike get the same gradient in every step, so they stay alike for ever.
    """
    found = init_weight.drive("repetitions", shape, scheme, seed)
    if found != "nothing":
        mistake = {"all entries are 0": "zeros", "all units are alike": "equal_units"}.get(found, "")
        raise CheckFailed(f"In the weight of shape {shape}, {found}.", found, "nothing", mistake=mistake)


@examples(2)
@given(scheme=schemes, seed=seeds)
@example(scheme="he_normal", seed=0)
@example(scheme="xavier_uniform", seed=0)
def test_independent(init_weight: StudentFunction, scheme: str, seed: int) -> None:
    """The entries are independent: the mean of a small weight differs from seed to seed, and so does its spread.

    Mean 0 and the variance of the rule belong to the distribution. If the numbers that were drawn are moved or
    stretched until they have exactly this mean or this variance, then each of them depends on all the others.
    """
    found = init_weight.drive("from_seed_to_seed", (2, 2), scheme, seed)
    expected = {"the mean differs": True, "the standard deviation differs": True}
    for what in expected:
        if not found[what]:
            name = what.removesuffix(" differs")
            says = f"In 100 weights of shape (2, 2), each with its own seed, {name} of the entries is always the same."
            raise CheckFailed(says, found, expected)


@examples(4)
@given(shape=st.sampled_from([(3, 4), (2, 3, 3)]), scheme=schemes, seed=seeds)
@example(shape=(3, 4), scheme="he_normal", seed=0)
@example(shape=(3, 4), scheme="torch_default", seed=0)
def test_seed(init_weight: StudentFunction, shape: Shape, scheme: str, seed: int) -> None:
    """The same seed gives the same numbers to the last bit, another seed gives others, and no other numbers change.

    With the seed, a run can be repeated. A program that calls `torch.rand` afterwards gets what it would have got
    anyway; so do NumPy's and Python's global functions.
    """
    found = init_weight.drive("seeded", shape, scheme, seed)
    expected = {"the same again": True, "other seed, other numbers": True, "other random numbers changed": False}
    says = {
        "the same again": "Two calls with the same seed give different numbers.",
        "other seed, other numbers": "Another seed gives the same numbers.",
        "other random numbers changed": "After your function, `torch.rand`, `np.random.rand` or `random.random` gives"
        " other numbers than without it.",
    }
    for what, value in expected.items():
        if found[what] != value:
            raise CheckFailed(says[what], found, expected)


@driver
def form(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return what keeps the result from being such a weight, in words, or "as described"."""
    weight = init_weight(shape, scheme, seed)
    if weight is None:
        return None
    if not isinstance(weight, Tensor):
        return f"the result is of type {type(weight).__name__}, and not a tensor"
    if tuple(weight.shape) != tuple(shape):
        return f"the shape is {tuple(weight.shape)}, expected {tuple(shape)}"
    if weight.dtype != torch.float32:
        return f"its dtype is {str(weight.dtype).removeprefix('torch.')}, expected float32"
    return "as described"


@driver
def spread(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return standard deviation and mean as multiples of the standard deviation of the rule, rounded to one decimal."""
    weight = init_weight(shape, scheme, seed).detach().double() / _rule(shape, scheme) ** 0.5
    return {"std": round(weight.std().item(), 1), "mean": round(weight.mean().item(), 1) + 0.0}


@driver
def outline(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return where the entries end, and how many are beyond 1, in units of their own standard deviation."""
    weight = init_weight(shape, scheme, seed).detach().double()
    weight = weight / (weight.std() + 1e-30)
    low, high = weight.min().item(), weight.max().item()
    # The bound is 1.732 for the rule's standard deviation; that of the entries differs, and moves it by up to 0.03.
    ends = "at 1.7" if abs(low + 1.73) < 0.06 and abs(high - 1.73) < 0.06 else "elsewhere"
    ends = "beyond 3" if low < -3 and high > 3 else ends
    return {"ends": ends, "beyond 1": round((weight.abs() > 1).double().mean().item(), 1)}


@driver
def signal(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return by how much a layer multiplies the root mean square, rounded to one decimal."""
    weight = init_weight(shape, scheme, seed).detach()
    generator = torch.Generator().manual_seed(1)
    x, back = (torch.randn(400, size, generator=generator) for size in (shape[1], shape[0]))
    z = x @ weight.T
    if scheme.startswith("he"):
        return {"after ReLU": round((z.relu().square().mean() / x.square().mean()).sqrt().item(), 1)}
    forward = z.square().mean() / x.square().mean()
    if scheme.startswith("torch"):
        return {"forward": round(forward.sqrt().item(), 1)}
    backward = (back @ weight).square().mean() / back.square().mean()
    return {"forward and backward": round(((forward + backward) / 2).sqrt().item(), 1)}


@driver
def repetitions(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return what is repeated, in words: all but one percent of the entries differ in a right weight."""
    weight = init_weight(shape, scheme, seed).detach()
    if not weight.any():
        return "all entries are 0"
    if bool((weight == weight[:1]).all()):
        return "all units are alike"
    return "many entries are repeated" if weight.unique().numel() < 0.99 * weight.numel() else "nothing"


@driver
def from_seed_to_seed(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return whether the mean and the standard deviation of the entries differ between weights of 100 seeds.

    A tenth of their usual differences is enough: with four independent entries, the mean varies by half a standard
    deviation.
    """
    drawn = torch.stack([init_weight(shape, scheme, seed + k).detach().double().flatten() for k in range(100)])
    size = drawn.std() + 1e-30
    return {
        "the mean differs": bool(drawn.mean(dim=1).std() > 0.05 * size),
        "the standard deviation differs": bool(drawn.std(dim=1).std() > 0.03 * size),
    }


@driver
def seeded(init_weight: Callable[..., Any], shape: Shape, scheme: str, seed: int) -> Any:
    """Return what the seed decides."""
    before = _state()
    first = init_weight(shape, scheme, seed)
    undisturbed = before == _state()
    second, other = init_weight(shape, scheme, seed), init_weight(shape, scheme, seed + 1)
    return {
        "the same again": torch.equal(first, second),
        "other seed, other numbers": not torch.equal(first, other),
        "other random numbers changed": not undisturbed,
    }


def _state() -> tuple[Any, ...]:
    """Return the states of the global generators."""
    name, keys, *rest = np.random.get_state()  # noqa: NPY002  the global one
    return torch.get_rng_state().tolist(), name, list(keys), rest, random.getstate()


# Right answers in other styles


@variant
def by_torch(shape: Shape, scheme: str, seed: int) -> Tensor:
    """torch.nn.init, with a generator."""
    weight, generator = torch.empty(shape), torch.Generator().manual_seed(seed)
    if scheme == "torch_default":
        return torch.nn.init.kaiming_uniform_(weight, a=5**0.5, generator=generator)
    if scheme.startswith("xavier"):
        fill = torch.nn.init.xavier_normal_ if scheme.endswith("normal") else torch.nn.init.xavier_uniform_
        return fill(weight, generator=generator)
    draw = torch.nn.init.kaiming_normal_ if scheme.endswith("normal") else torch.nn.init.kaiming_uniform_
    return draw(weight, nonlinearity="relu", generator=generator)


@variant
def branches(shape: Shape, scheme: str, seed: int) -> Tensor:
    """A branch for each scheme, with the formulas as books write them; the weight is a parameter."""
    g = torch.Generator()
    g.manual_seed(seed)
    places = 1
    for side in shape[2:]:
        places *= side
    fan_out, fan_in = (places * channels for channels in shape[:2])
    weight = torch.empty(*shape)
    if scheme == "he_normal":
        weight.normal_(0, math.sqrt(2 / fan_in), generator=g)
    elif scheme == "he_uniform":
        weight.uniform_(-math.sqrt(6 / fan_in), math.sqrt(6 / fan_in), generator=g)
    elif scheme == "xavier_normal":
        weight.normal_(0, math.sqrt(2 / (fan_in + fan_out)), generator=g)
    elif scheme == "xavier_uniform":
        weight.uniform_(-math.sqrt(6 / (fan_in + fan_out)), math.sqrt(6 / (fan_in + fan_out)), generator=g)
    else:
        weight.uniform_(-(fan_in**-0.5), fan_in**-0.5, generator=g)
    return torch.nn.Parameter(weight)


@variant
def numpy(shape: Shape, scheme: str, seed: int) -> Tensor:
    """NumPy's own generator, cast to float32."""
    rng, std = np.random.default_rng(seed), math.sqrt(_rule(shape, scheme))
    draws = rng.normal(0, std, shape) if "normal" in scheme else rng.uniform(-std * 3**0.5, std * 3**0.5, shape)
    return torch.from_numpy(draws).float()


@variant
def plain_python(shape: Shape, scheme: str, seed: int) -> Tensor:
    """random.Random, one number at a time."""
    rng, std = random.Random(seed), math.sqrt(_rule(shape, scheme))  # noqa: S311  no secret depends on it
    bound = math.sqrt(3) * std
    entries = range(math.prod(shape))
    if scheme.endswith("normal"):
        return torch.tensor([rng.gauss(0, std) for _ in entries]).reshape(shape)
    return torch.tensor([rng.uniform(-bound, bound) for _ in entries]).reshape(shape)


@variant
def float32(shape: Shape, scheme: str, seed: int) -> Tensor:
    """float32 throughout, the global generator inside fork_rng, which puts it back."""
    std = torch.tensor(_rule(shape, scheme), dtype=torch.float32).sqrt()
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        if "normal" in scheme:
            return torch.randn(shape) * std
        return (torch.rand(shape) - 0.5) * std * 12**0.5
