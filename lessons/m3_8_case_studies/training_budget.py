"""training_budget must count the parameters of a transformer, the operations of its training, and its memory."""

from collections.abc import Callable

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import nn

from grader.authoring import StudentFunction, assert_close, predict, variant

Sizes = dict[str, int]
Budget = dict[str, float]
PARAMETERS = ("embedding", "attention", "mlp", "norms", "head")

TINY: Sizes = {"vocab": 10, "d_model": 4, "n_layers": 1, "d_ff": 8, "context": 2}
# All sizes differ, d_ff is not a multiple of d_model, and there is more than one layer.
FULL: Sizes = {"vocab": 11, "d_model": 6, "n_layers": 3, "d_ff": 20, "context": 5}

several_sizes = st.builds(
    # in the order of the docstring, for those who unpack it
    lambda *sizes: dict(zip(("vocab", "d_model", "n_layers", "d_ff", "context"), sizes, strict=True)),
    *(st.integers(low, high) for low, high in ((2, 20), (1, 8), (1, 4), (1, 24), (1, 9))),
)
some_tokens, some_shards = st.integers(1, 50), st.sampled_from([1, 2, 3, 8, 64])


def _module(sizes: Sizes) -> dict[str, nn.Module]:
    """Return the parts of a transformer without tied weights, as modules."""
    width, layers = sizes["d_model"], range(sizes["n_layers"])
    return {
        "embedding": nn.Embedding(sizes["vocab"], width),
        "attention": nn.ModuleList(nn.Linear(width, width, bias=False) for _ in layers for _ in range(4)),
        "mlp": nn.ModuleList(
            nn.Linear(*size, bias=False) for _ in layers for size in ((width, sizes["d_ff"]), (sizes["d_ff"], width))
        ),
        "norms": nn.ModuleList([nn.RMSNorm(width), *(nn.RMSNorm(width) for _ in layers for _ in range(2))]),
        "head": nn.Linear(width, sizes["vocab"], bias=False),
    }


@given(sizes=several_sizes)
@example(sizes=TINY)
@example(sizes=FULL)
def test_as_modules(training_budget: StudentFunction, sizes: Sizes) -> None:
    """Each part has as many parameters as the modules of torch.nn that it is made of."""
    expected = {
        part: sum(parameter.numel() for parameter in module.parameters()) for part, module in _module(sizes).items()
    }
    found = training_budget(sizes, tied=False, tokens=7, shards=1)
    assert_close({part: found[part] for part in PARAMETERS}, expected, tolerance=0, says="The parameters differ.")


@given(sizes=several_sizes, tied=st.booleans())
@example(sizes=TINY, tied=False)
@example(sizes=FULL, tied=True)
def test_total(training_budget: StudentFunction, sizes: Sizes, tied: bool) -> None:
    """The total is the sum of the five parts."""
    found = training_budget(sizes, tied, 7, 1)
    says = "The total is not the sum of the parts that stand beside it."
    assert_close(found["total"], sum(found[part] for part in PARAMETERS), tolerance=0, says=says)


@given(sizes=several_sizes)
@example(sizes=TINY)
@example(sizes=FULL)
def test_tied(training_budget: StudentFunction, sizes: Sizes) -> None:
    """A tied head has no parameters of its own, and every other part keeps its own."""
    free, tied = (
        training_budget(sizes, tied=False, tokens=7, shards=1),
        training_budget(sizes, tied=True, tokens=7, shards=1),
    )
    expected = {part: 0 if part == "head" else free[part] for part in PARAMETERS}
    says = "Tied, the head is the embedding, which is counted already, and no other part changes."
    assert_close({part: tied[part] for part in PARAMETERS}, expected, tolerance=0, says=says)
    says = "Tying saves one row of d_model numbers for each token of the vocabulary."
    assert_close(free["total"] - tied["total"], sizes["vocab"] * sizes["d_model"], tolerance=0, says=says)


@given(sizes=several_sizes)
@example(sizes=TINY)
@example(sizes=FULL)
def test_twice_as_wide(training_budget: StudentFunction, sizes: Sizes) -> None:
    """Twice d_model and d_ff is four times the parameters of attention and mlp: matrices grow in both directions.

    The norms only double, and so do the tables.
    """
    wide = {**sizes, "d_model": 2 * sizes["d_model"], "d_ff": 2 * sizes["d_ff"]}
    usual, found = (
        training_budget(sizes, tied=False, tokens=7, shards=1),
        training_budget(wide, tied=False, tokens=7, shards=1),
    )
    times = {"embedding": 2, "attention": 4, "mlp": 4, "norms": 2, "head": 2}
    expected = {part: times[part] * usual[part] for part in PARAMETERS}
    assert_close(
        {part: found[part] for part in PARAMETERS}, expected, tolerance=0, says="The parts grow in other ways."
    )


@given(sizes=several_sizes, tied=st.booleans(), tokens=some_tokens)
@example(sizes=TINY, tied=True, tokens=1)
@example(sizes=FULL, tied=False, tokens=7)
@example(sizes=FULL, tied=True, tokens=50)
def test_flops(training_budget: StudentFunction, sizes: Sizes, tied: bool, tokens: int) -> None:
    """A parameter costs six operations for each token: two forward, and four backward.

    Forward it is multiplied and added. Backward that happens twice: for the gradient of the parameter, and for the
    gradient that goes on to the layer before.
    """
    found = training_budget(sizes, tied, tokens, 1)
    says = f"{found['total']:g} parameters have met {tokens} tokens, with six operations each time."
    assert_close(found["flops"], 6 * found["total"] * tokens, tolerance=0, says=says)


@given(sizes=several_sizes, tokens=some_tokens)
@example(sizes=TINY, tokens=1)
@example(sizes=FULL, tokens=7)
@example(sizes={**FULL, "context": 9}, tokens=7)
def test_length_flops(training_budget: StudentFunction, sizes: Sizes, tokens: int) -> None:
    """Attention multiplies and adds along d_model for every pair of a token and a key, and of a token and a value.

    These operations have no parameter of their own, so they are not among the six for each parameter.
    """
    forward = 0
    for _layer in range(sizes["n_layers"]):
        for _pair in range(tokens * sizes["context"]):
            forward += 2 * sizes["d_model"] + 2 * sizes["d_model"]  # the score of the key, the share of the value
    found = training_budget(sizes, tied=True, tokens=tokens, shards=1)
    says = "Counted pair by pair, forward and twice that backward, it is another number."
    assert_close(found["length_flops"], 3 * forward, tolerance=0, says=says)


@given(sizes=several_sizes, tied=st.booleans(), shards=some_shards)
@example(sizes=TINY, tied=True, shards=1)
@example(sizes=TINY, tied=True, shards=8)
@example(sizes=FULL, tied=False, shards=7)
@example(sizes=FULL, tied=True, shards=64)
def test_bytes(training_budget: StudentFunction, sizes: Sizes, tied: bool, shards: int) -> None:
    """All devices together hold four numbers for each parameter, with four bytes each, whatever they train on.

    The numbers are value, gradient, and the two averages of AdamW.
    """
    found = training_budget(sizes, tied, 7, shards)
    says = f"With shards = {shards}, all devices together do not hold four float32 numbers for each parameter."
    assert_close(found["bytes"] * shards, 16 * found["total"], scale=16 * found["total"], says=says)
    more = training_budget(sizes, tied, 70, shards)
    assert_close(more["bytes"], found["bytes"], tolerance=0, says="With ten times the tokens, the memory differs.")


@given(sizes=several_sizes, tokens=some_tokens, shards=some_shards)
@example(sizes=TINY, tokens=7, shards=4)
@example(sizes=FULL, tokens=7, shards=2)
def test_shards_save_no_work(training_budget: StudentFunction, sizes: Sizes, tokens: int, shards: int) -> None:
    """Devices divide the memory; the parameters of the model and the operations of the whole training stay."""
    alone = training_budget(sizes, tied=False, tokens=tokens, shards=1)
    divided = training_budget(sizes, tied=False, tokens=tokens, shards=shards)
    expected = {key: value for key, value in alone.items() if key != "bytes"}
    says = f"With shards = {shards}, a number other than the memory has changed."
    assert_close({key: divided[key] for key in expected}, expected, tolerance=0, says=says)


@predict(
    answer="About 8 times",
    because="Attention and the mlp are matrices, so twice the width is four times the parameters, and twice the layers"
    " is twice as many again.",
    otherwise={
        "About 2 times": "A matrix of d_model x d_model grows in both directions, and there are more of them.",
        "About 4 times": "That is one of the two changes. A matrix has four times the entries if both sides double.",
        "About 16 times": "Only the width counts twice, because a matrix has two sides. Layers count once.",
    },
)
def wider_and_deeper(training_budget: Callable[..., Budget]) -> dict[str, list[float]]:
    """A transformer gets twice the width, in d_model and d_ff, and twice the layers.

    How many times the parameters do attention and mlp have together?
    """
    factors = [1, 2, 3, 4]
    counts = []
    for factor in factors:
        sizes = {"vocab": 100, "d_model": 32 * factor, "n_layers": 2 * factor, "d_ff": 128 * factor, "context": 16}
        budget = training_budget(sizes, tied=True, tokens=1, shards=1)
        counts.append(budget["attention"] + budget["mlp"])
    assert counts[1] == 8 * counts[0]
    return {"factor": [float(factor) for factor in factors], "parameters": counts}


# Right answers in other styles


@variant
def layer_by_layer(sizes: dict[str, int], tied: bool, tokens: int, shards: int) -> dict[str, float]:
    """A loop over the layers that adds up."""
    d, budget = sizes["d_model"], dict.fromkeys(("embedding", "attention", "mlp", "norms", "head"), 0)
    length = 0
    for _ in range(sizes["n_layers"]):
        for _ in "QKVO":
            budget["attention"] += d * d
        budget["mlp"] += d * sizes["d_ff"] + sizes["d_ff"] * d
        budget["norms"] += d + d
        length += 2 * 2 * d * sizes["context"] * tokens
    budget["norms"] += d
    budget["embedding"] += sizes["vocab"] * d
    if not tied:
        budget["head"] += d * sizes["vocab"]
    total = sum(budget.values())
    return budget | {
        "total": total,
        "flops": 2 * total * tokens + 4 * total * tokens,
        "length_flops": length + 2 * length,
        "bytes": 4 * (total / shards) * 4,
    }


@variant
def by_tensors_without_memory(sizes: dict[str, int], tied: bool, tokens: int, shards: int) -> dict[str, float]:
    """Counts the entries of tensors on the device meta, which has no memory."""
    V, d, L, f, T = sizes.values()

    def count(*shapes: tuple[int, ...]) -> int:
        return sum(torch.empty(shape, device="meta").numel() for shape in shapes)

    parts = {
        "embedding": count((V, d)),
        "attention": count((L, 4, d, d)),
        "mlp": count((L, d, f), (L, f, d)),
        "norms": count((L, 2, d), (d,)),
        "head": count() if tied else count((d, V)),
    }
    parts["total"] = sum(parts.values())
    parts["flops"] = parts["total"] * tokens * 6
    parts["length_flops"] = count((L, tokens, T, d)) * 12
    return {**parts, "bytes": parts["total"] * (4 + 4 + 4 + 4) / shards}


@variant
def tensors(sizes: dict[str, int], tied: bool, tokens: int, shards: int) -> dict[str, object]:
    """Whole numbers in tensors of int64, and .item() at the end."""
    V, d, L, f, T = (torch.tensor(sizes[key]) for key in ("vocab", "d_model", "n_layers", "d_ff", "context"))
    parts = {"embedding": V * d, "attention": L * 4 * d**2, "mlp": L * 2 * d * f, "norms": d + 2 * L * d, "head": V * d}
    if tied:
        parts["head"] = torch.tensor(0)
    total = torch.stack(list(parts.values())).sum()
    rest = {
        "total": total,
        "flops": 6 * tokens * total,
        "length_flops": 12 * L * d * T * tokens,
        "bytes": 16 * total / shards,
    }
    return {name: part.item() for name, part in (parts | rest).items()}
