"""init_params must draw weights of the right spread, the same for the same seed; which numbers it draws is free."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, assert_close, driver, examples, variant

Params = dict[str, Tensor]
Sizes = tuple[int, int, int]

few, seeds = st.integers(1, 5), st.integers(0, 1000)
# So many weights that a spread is known to one percent. The sizes differ, and so do all rules for the spread.
WIDE = st.sampled_from([(100, 200, 50), (256, 64, 200)])


@examples(5)
@given(sizes=st.tuples(few, few, few), seed=seeds)
@example(sizes=(2, 3, 4), seed=0)
@example(sizes=(1, 16, 1), seed=7)
def test_shapes(init_params: StudentFunction, sizes: Sizes, seed: int) -> None:
    """The four parameters are float32 tensors of shapes (d_in, d_hidden), (d_hidden,), (d_hidden, d_out) and (d_out,).

    A weight has a row for each input of its layer and a column for each unit.
    """
    found = init_params.drive("form", *sizes, seed)
    if found != "as described":
        raise CheckFailed(f"Your function returns no such parameters: {found}.", found, "as described")


@examples(5)
@given(sizes=st.tuples(few, few, few), seed=seeds)
@example(sizes=(2, 3, 4), seed=0)
def test_biases(init_params: StudentFunction, sizes: Sizes, seed: int) -> None:
    """All biases are 0.

    The random weights make the units differ already, and so nothing is gained by random biases.
    """
    biases = init_params.drive("biases", *sizes, seed)
    assert_close(biases, [0.0] * (sizes[1] + sizes[2]), says="Not all biases are 0.")


@examples(5)
@given(sizes=WIDE, seed=seeds)
@example(sizes=(100, 200, 50), seed=0)
def test_spread(init_params: StudentFunction, sizes: Sizes, seed: int) -> None:
    """Times the root of fan_in, the weights of each layer have standard deviation 1, mean 0, and some are beyond 3.

    fan_in is d_in for W1 and d_hidden for W2. There are so many weights here that luck plays no part: rounded to one
    decimal, the numbers are exact.
    """
    facts = init_params.drive("facts", *sizes, seed)
    expected = {"W1": {"std": 1.0, "mean": 0.0, "beyond 3": True}, "W2": {"std": 1.0, "mean": 0.0, "beyond 3": True}}
    for name, parts in expected.items():
        for fact, value in parts.items():
            found = facts[name][fact]
            if found != value:
                what = {"std": "standard deviation", "mean": "mean", "beyond 3": "entries beyond 3"}[fact]
                says = f"{name} times the root of its fan_in: the {what} is {found}, expected {value}."
                raise CheckFailed(says, facts, expected)


@examples(5)
@given(inputs=st.sampled_from([4, 400]), seed=seeds)
@example(inputs=4, seed=0)
@example(inputs=400, seed=0)
def test_sums_of_any_width(init_params: StudentFunction, inputs: int, seed: int) -> None:
    """The sums of the hidden units spread as much with 400 inputs as with 4: about as much as one input does.

    A sum of more terms is larger, and the division by the root of fan_in makes up for it. If the sums grew, every tanh
    would be at -1 or 1, where its slope is almost 0.
    """
    spread = init_params.drive("spread_of_sums", inputs, seed)
    says = (
        f"With {inputs} inputs of standard deviation 1, the hidden sums have standard deviation {spread}, expected 1."
    )
    assert_close(spread, 1.0, says=says)


@examples(5)
@given(sizes=st.tuples(few, few, few), seed=seeds)
@example(sizes=(3, 4, 2), seed=0)
@example(sizes=(1, 16, 1), seed=3)
def test_units_differ(init_params: StudentFunction, sizes: Sizes, seed: int) -> None:
    """No two hidden units begin alike, and W2 does not repeat the numbers of W1.

    Units that begin alike get the same gradient in every step, so they stay alike for ever.
    """
    found = init_params.drive("repetitions", *sizes, seed)
    says = {
        "units alike": "Two hidden units begin with the same weights.",
        "W2 repeats W1": "W2 begins with the random numbers that W1 has.",
    }
    for what, sentence in says.items():
        if found[what]:
            raise CheckFailed(sentence, found, {"units alike": False, "W2 repeats W1": False})


@examples(5)
@given(sizes=st.tuples(few, few, few), seed=seeds)
@example(sizes=(3, 4, 2), seed=0)
def test_seed(init_params: StudentFunction, sizes: Sizes, seed: int) -> None:
    """The same seed gives the same numbers to the last bit, another seed gives others, and no other numbers change.

    With the seed, a run can be repeated. A program that calls `torch.rand` afterwards gets what it would have got
    anyway; so do NumPy's and Python's global functions.
    """
    found = init_params.drive("repeated", *sizes, seed)
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
def form(init_params: Callable[..., Any], d_in: int, d_hidden: int, d_out: int, seed: int) -> Any:
    """Return what keeps the result from being such parameters, in words, or "as described"."""
    params = init_params(d_in, d_hidden, d_out, seed)
    if params is None:
        return None
    if not isinstance(params, dict):
        return f"the result is of type {type(params).__name__}, and not a dict"
    shapes = {"W1": (d_in, d_hidden), "b1": (d_hidden,), "W2": (d_hidden, d_out), "b2": (d_out,)}
    for key, shape in shapes.items():
        if key not in params:
            return f'the dict has no key "{key}"'
        if not isinstance(params[key], Tensor):
            return f'"{key}" is of type {type(params[key]).__name__}, and not a tensor'
        if tuple(params[key].shape) != shape:
            return f'"{key}" has shape {tuple(params[key].shape)}, expected {shape}'
        if params[key].dtype != torch.float32:
            return f'"{key}" is {str(params[key].dtype).removeprefix("torch.")}, expected float32'
    return "as described" if len(params) == len(shapes) else f"the dict has the keys {sorted(map(str, params))}"


@driver
def biases(init_params: Callable[..., Any], d_in: int, d_hidden: int, d_out: int, seed: int) -> Any:
    """Return all biases."""
    params = init_params(d_in, d_hidden, d_out, seed)
    return [*params["b1"].flatten().tolist(), *params["b2"].flatten().tolist()]


@driver
def facts(init_params: Callable[..., Any], d_in: int, d_hidden: int, d_out: int, seed: int) -> Any:
    """Return what is certain about the weights, whatever numbers were drawn."""
    params, found = init_params(d_in, d_hidden, d_out, seed), {}
    for key, fan_in in (("W1", d_in), ("W2", d_hidden)):
        scaled = params[key].detach().double() * fan_in**0.5
        mean, std = round(scaled.mean().item(), 1) + 0.0, round(scaled.std().item(), 1)
        found[key] = {"std": std, "mean": mean, "beyond 3": bool((scaled.abs() > 3).any())}
    return found


@driver
def spread_of_sums(init_params: Callable[..., Any], d_in: int, seed: int) -> Any:
    """Return how much the sums of the hidden units spread, rounded to one decimal."""
    W1 = init_params(d_in, 8000 // d_in, 1, seed)["W1"].detach().double()
    X = torch.randn(500, d_in, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    X = X / (X**2).mean(dim=0).sqrt()
    return round((X @ W1).square().mean().sqrt().item(), 1)


@driver
def repetitions(init_params: Callable[..., Any], d_in: int, d_hidden: int, d_out: int, seed: int) -> Any:
    """Return whether two hidden units have the same weights, and whether W2 is made of the numbers of W1."""
    params = init_params(d_in, d_hidden, d_out, seed)
    units = [tuple(unit) for unit in params["W1"].T.tolist()]
    W1, W2 = (part.detach().double() for part in (init_params(20, 20, 20, seed)[key] for key in ("W1", "W2")))
    alike = any(torch.allclose(W1, other, rtol=1e-4) for other in (W2, W2.T))
    return {"units alike": len(set(units)) < len(units), "W2 repeats W1": alike and bool(W1.any())}


@driver
def repeated(init_params: Callable[..., Any], d_in: int, d_hidden: int, d_out: int, seed: int) -> Any:
    """Return what the seed decides."""
    before = _state()
    first = init_params(d_in, d_hidden, d_out, seed)
    undisturbed = before == _state()
    second, other = init_params(d_in, d_hidden, d_out, seed), init_params(d_in, d_hidden, d_out, seed + 1)
    return {
        "the same again": all(torch.equal(first[key], second[key]) for key in first),
        "other seed, other numbers": not torch.equal(first["W1"], other["W1"]),
        "other random numbers changed": not undisturbed,
    }


def _state() -> tuple[Any, ...]:
    """Return the states of the global generators."""
    name, keys, *rest = np.random.get_state()  # noqa: NPY002  the global one
    return torch.get_rng_state().tolist(), name, list(keys), rest, random.getstate()


# Right answers in other styles


@variant
def normal(d_in: int, d_hidden: int, d_out: int, seed: int) -> Params:
    """torch.normal with a standard deviation, W2 drawn first, in a dict of another order."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    W2 = torch.normal(0.0, d_hidden**-0.5, (d_hidden, d_out), generator=generator)
    W1 = torch.normal(0.0, d_in**-0.5, (d_in, d_hidden), generator=generator)
    return {"W2": W2, "b2": torch.zeros(d_out), "W1": W1, "b1": torch.zeros(d_hidden)}


@variant
def loop_over_layers(d_in: int, d_hidden: int, d_out: int, seed: int) -> Params:
    """A loop over the layers; each weight is drawn as (outputs, inputs) and transposed."""
    generator, params = torch.Generator().manual_seed(seed), {}
    for number, (fan_in, fan_out) in enumerate([(d_in, d_hidden), (d_hidden, d_out)], start=1):
        params[f"W{number}"] = (torch.randn(fan_out, fan_in, generator=generator) * math.sqrt(1 / fan_in)).T
        params[f"b{number}"] = torch.zeros(fan_out)
    return params


@variant
def numpy(d_in: int, d_hidden: int, d_out: int, seed: int) -> Params:
    """NumPy's own generator, cast to float32."""
    rng = np.random.default_rng(seed)
    W1 = torch.from_numpy(rng.normal(scale=1 / np.sqrt(d_in), size=(d_in, d_hidden))).float()
    W2 = torch.from_numpy(rng.normal(scale=1 / np.sqrt(d_hidden), size=(d_hidden, d_out))).float()
    return {"W1": W1, "b1": torch.zeros(d_hidden), "W2": W2, "b2": torch.zeros(d_out)}


@variant
def plain_python(d_in: int, d_hidden: int, d_out: int, seed: int) -> Params:
    """random.Random, one number at a time."""
    rng = random.Random(seed)  # noqa: S311  no secret depends on it
    W1 = torch.tensor([[rng.gauss(0, 1) / d_in**0.5 for _ in range(d_hidden)] for _ in range(d_in)])
    W2 = torch.tensor([[rng.gauss(0, 1) / d_hidden**0.5 for _ in range(d_out)] for _ in range(d_hidden)])
    return {"W1": W1, "b1": torch.zeros(d_hidden), "W2": W2, "b2": torch.zeros(d_out)}


@variant
def float32(d_in: int, d_hidden: int, d_out: int, seed: int) -> Params:
    """float32 tensors, filled in place by nn.init, with biases made of the weights."""
    generator = torch.Generator().manual_seed(seed)
    W1 = torch.nn.init.normal_(torch.empty(d_in, d_hidden, dtype=torch.float32), 0.0, d_in**-0.5, generator)
    W2 = torch.empty(d_hidden, d_out, dtype=torch.float32).normal_(std=d_hidden**-0.5, generator=generator)
    return {"W1": W1, "b1": torch.zeros_like(W1[0]), "W2": W2, "b2": torch.zeros_like(W2[0])}


@variant
def forked(d_in: int, d_hidden: int, d_out: int, seed: int) -> Params:
    """The global generator inside fork_rng, which puts it back."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        W1, W2 = torch.randn(d_in, d_hidden) / d_in**0.5, torch.randn(d_hidden, d_out) / d_hidden**0.5
    return {"W1": W1, "b1": torch.zeros(d_hidden), "W2": W2, "b2": torch.zeros(d_out)}
