"""residual_forward must add a branch in every block, and normalize where it is told to."""

import math
from collections.abc import Callable

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import StudentFunction, assert_at_most, assert_close, matrices, predict, variant

Net = tuple[Tensor, list[Tensor]]
"""x and the weights."""

NORMS = ["none", "pre", "post"]
norms = st.sampled_from(NORMS)
some_scales = st.sampled_from([0.25, 0.5, 1.0, 2.0])
# The number that is added is not what is multiplied, and one of x is negative.
UNIT: Net = (torch.tensor([[3.0]]), [torch.tensor([[2.0]])])
BELOW: Net = (torch.tensor([[-2.0]]), [torch.tensor([[1.5]])])
# The root mean square of (7, -1) is 5, and that of (1, 1) is 1: another one for each row.
BLOCK: Net = (torch.tensor([[7.0, -1.0], [1.0, 1.0], [-3.0, 4.0]]), [torch.tensor([[1.0, 0.5], [2.0, -5.0]])])
# No weight is symmetric, and all differ.
DEEP: Net = (
    torch.tensor([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]),
    [
        torch.tensor([[0.5, -1.0, 0.25], [1.5, 0.5, -0.75], [-0.5, 2.0, 1.0]]),
        torch.tensor([[1.0, 0.5, -1.5], [-0.25, 1.0, 0.5], [0.75, -1.0, 2.0]]),
        torch.tensor([[-0.5, 1.5, 1.0], [2.0, 0.25, -1.0], [0.5, 1.0, -0.25]]),
    ],
)


@st.composite
def single_blocks(draw: st.DrawFn) -> Net:
    """Draw x and one weight."""
    units = draw(st.integers(1, 3))
    return draw(matrices((1, 3), units, low=-3, high=3)), [draw(matrices(units, units, low=-2, high=2))]


@st.composite
def deep_nets(draw: st.DrawFn, depth: int = 3) -> Net:
    """Draw x and up to three weights.

    No x is below 1/8, so that no sum is near 0: divided by its own size, it would show the last digits, and which eps
    is added.
    """
    units = draw(st.integers(1, 3))
    weights = [draw(matrices(units, units, low=-2, high=2)) for _ in range(draw(st.integers(1, depth)))]
    return draw(matrices((1, 3), units, low=0, high=3)) + 0.125, weights


def _rms(values: list[float]) -> float:
    return math.sqrt(sum(value * value for value in values) / len(values) + 1e-8)


def _plain(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> list[list[float]]:
    """Return the expected output, in plain Python."""
    rows = x.tolist()
    for weight in weights:
        for number, values in enumerate(rows):
            seen = [value / _rms(values) for value in values] if norm == "pre" else values
            sums = [sum(h * w for h, w in zip(seen, unit, strict=True)) for unit in weight.T.tolist()]
            total = [value + scale * max(0.0, z) for value, z in zip(values, sums, strict=True)]
            rows[number] = [value / _rms(total) for value in total] if norm == "post" else total
    return rows


def _size(net: Net, scale: float) -> float:
    """Return the natural size of an output: no sum of products is larger, in any of the three networks."""
    x, weights = net
    size = max(3.0, float(x.abs().max()))  # an entry that is divided by the root mean square is at most sqrt(3)
    for weight in weights:
        size *= 1 + scale * float(weight.abs().sum(dim=0).max())
    return size


@given(net=single_blocks(), norm=st.sampled_from(["none", "pre"]))
@example(net=BELOW, norm="none")
@example(net=BLOCK, norm="none")
@example(net=BLOCK, norm="pre")
def test_skip(residual_forward: StudentFunction, net: Net, norm: str) -> None:
    """Where all weights are 0, or the scale is 0, the output is x, negative entries included.

    The skip path carries x past every branch untouched, and the gradient takes the same way back.
    """
    x, weights = net
    says = "With a scale of 0 the output is not x."
    assert_close(residual_forward(x, weights, 0.0, norm), x.double(), scale=3.0, says=says)
    says = "With a weight of zeros the output is not x."
    zeros = [torch.zeros_like(weight) for weight in weights]
    assert_close(residual_forward(x, zeros, 1.0, norm), x.double(), scale=3.0, says=says)


@given(net=single_blocks(), scale=some_scales)
@example(net=UNIT, scale=1.0)
@example(net=UNIT, scale=0.5)
@example(net=BELOW, scale=1.0)
@example(net=(torch.tensor([[-2.0]]), [torch.tensor([[-1.5]])]), scale=0.5)
@example(net=BLOCK, scale=0.5)
def test_one_block(residual_forward: StudentFunction, net: Net, scale: float) -> None:
    """A block without a norm adds scale times relu(x @ W) to x: the sum itself is not bent.

    The expected values come from plain Python.
    """
    assert_close(residual_forward(*net, scale, "none"), _plain(*net, scale, "none"), scale=_size(net, scale))


@given(net=single_blocks(), scale=some_scales)
@example(net=UNIT, scale=0.5)
@example(net=BLOCK, scale=0.5)
def test_pre(residual_forward: StudentFunction, net: Net, scale: float) -> None:
    """With "pre" the branch sees x divided by its size, and what it returns is added to x itself.

    The expected values come from plain Python.
    """
    assert_close(residual_forward(*net, scale, "pre"), _plain(*net, scale, "pre"), scale=_size(net, scale))


@given(net=deep_nets(depth=1), scale=some_scales)
@example(net=UNIT, scale=0.5)
@example(net=BLOCK, scale=0.5)
def test_post(residual_forward: StudentFunction, net: Net, scale: float) -> None:
    """With "post" the whole sum, x and branch, is divided by its size.

    The expected values come from plain Python.
    """
    assert_close(residual_forward(*net, scale, "post"), _plain(*net, scale, "post"), scale=_size(net, scale))


@given(net=deep_nets(), scale=some_scales, norm=norms)
@example(net=DEEP, scale=0.5, norm="none")
@example(net=DEEP, scale=0.5, norm="pre")
@example(net=DEEP, scale=0.5, norm="post")
@example(net=DEEP, scale=1.0, norm="none")
def test_every_block(residual_forward: StudentFunction, net: Net, scale: float, norm: str) -> None:
    """Each block gets what the one before gives, and adds its branch to that.

    The expected values come from plain Python.
    """
    assert_close(residual_forward(*net, scale, norm), _plain(*net, scale, norm), scale=_size(net, scale))


@given(net=deep_nets(), scale=some_scales, norm=norms)
@example(net=DEEP, scale=0.5, norm="none")
@example(net=DEEP, scale=0.5, norm="pre")
@example(net=DEEP, scale=0.5, norm="post")
def test_stop_halfway(residual_forward: StudentFunction, net: Net, scale: float, norm: str) -> None:
    """Stop after some blocks and go on from there with the others: the end is the same.

    A block knows nothing of those before it, and nothing of how many there are.
    """
    x, weights = net
    half = (len(weights) + 1) // 2
    end = residual_forward(x, weights[:half], scale, norm)
    if weights[half:]:
        end = residual_forward(end.clone(), weights[half:], scale, norm)
    says = f'With "{norm}", {half} blocks and then the others end somewhere else than all blocks at once.'
    assert_close(residual_forward(x, weights, scale, norm), end.double(), scale=2 * _size(net, scale), says=says)


@given(net=deep_nets(), factor=st.sampled_from([0.5, 2.0, 4.0]))
@example(net=DEEP, factor=4.0)
def test_sizes(residual_forward: StudentFunction, net: Net, factor: float) -> None:
    """With x times c > 0, the output is c times as large without a norm, and the same with "post".

    So without a norm a signal that is too large stays too large through all blocks.
    """
    x, weights = net
    for norm, expected in (("none", factor), ("post", 1.0)):
        usual = residual_forward(x, weights, 0.5, norm)
        scaled = residual_forward(factor * x, weights, 0.5, norm)
        says = f'With "{norm}" and x times {factor:g}, the output is not {expected:g} times the usual one.'
        assert_close(scaled, expected * usual.double(), scale=2 * factor * _size(net, 0.5), says=says)


@given(net=deep_nets(), scale=some_scales)
@example(net=DEEP, scale=1.0)
@example(net=DEEP, scale=0.5)
def test_size_one(residual_forward: StudentFunction, net: Net, scale: float) -> None:
    """With "post", every row of the output has the root mean square 1."""
    found = residual_forward(*net, scale, "post").double().square().mean(dim=1).sqrt()
    says = f'With "post" the root mean squares of your rows are {found.tolist()}, expected 1.'
    assert_close(found, torch.ones(len(net[0])), scale=4.0, says=says)


@given(net=deep_nets(), scale=some_scales)
@example(net=DEEP, scale=1.0)
@example(net=(torch.tensor([[8.0, 16.0]]), [torch.tensor([[1.0, 0.0], [0.5, 1.0]])] * 3), scale=1.0)
def test_steady_growth(residual_forward: StudentFunction, net: Net, scale: float) -> None:
    """With "pre", a block moves a row by at most scale times sqrt(D) times the length of its weight.

    That does not depend on the size of x: the signal grows by sums and not by factors.
    """
    x, weights = net
    moved = (residual_forward(x, weights, scale, "pre").double() - x).norm(dim=1)
    limit = scale * math.sqrt(x.shape[1]) * sum(float(weight.double().norm()) for weight in weights)
    says = f"All blocks together move a row by {float(moved.max()):.4g}, and can move it by {limit:.4g} at most."
    assert_at_most(moved, limit, slack=1e-5 * _size(net, scale), says=says)


@predict(
    answer="About a billion",
    because="Every branch is as large as what comes in, and both point partly the same way, because ReLU gives nothing"
    " below 0. So the mean square grows by more than a factor of 2 in each block, and by nearly 3 later on.",
    otherwise={
        "About 1: He's rule keeps it": "He's rule keeps the branch as large as its input. The block adds the two, and"
        " the sum is larger than either.",
        "About 20": "That would be right if every branch added 1. But the branch grows with what comes in, so the"
        " factors multiply.",
        "About a million, 2 to the power 20": "The factor is 2 only where branch and input have nothing in common. The"
        " inputs of all blocks but the first have a positive mean, and so have the branches.",
    },
)
def growth(residual_forward: Callable[..., Tensor]) -> dict[str, list[float]]:
    """An input with the mean square 1 goes through 20 residual blocks of 256 units, without a norm, with the scale 1.

    The weights follow He's rule. How large is the mean square at the end?
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(50, 256, generator=generator)
    weights = [torch.randn(256, 256, generator=generator) * math.sqrt(2 / 256) for _ in range(20)]
    sizes = [residual_forward(x, weights[:depth], 1.0, "none").square().mean().item() for depth in range(1, 21)]
    assert 4e8 < sizes[-1] < 2.5e9
    return {"block": [float(block) for block in range(1, 21)], "mean square": sizes}


@predict(
    answer="About 140",
    because="Every branch gets an input of size 1, so what it adds does not grow. The sums still have something in"
    " common, so the end is more than 20, and far from a billion.",
    otherwise={
        "About 1, it is normalized": "What the branch gets is normalized. The sum is not: the skip path carries it on"
        " as it is.",
        "As large as without a norm": "Without a norm the branch grows with its input. With it, every branch is as"
        " large as the first one.",
    },
)
def growth_with_pre(residual_forward: Callable[..., Tensor]) -> dict[str, list[float]]:
    """The same 20 blocks, this time with "pre". How large is the mean square at the end?"""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(50, 256, generator=generator)
    weights = [torch.randn(256, 256, generator=generator) * math.sqrt(2 / 256) for _ in range(20)]
    sizes = [residual_forward(x, weights[:depth], 1.0, "pre").square().mean().item() for depth in range(1, 21)]
    assert 120 < sizes[-1] < 165
    return {"block": [float(block) for block in range(1, 21)], "mean square": sizes}


# Right answers in other styles


@variant
def functional(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> Tensor:
    """torch.nn.functional, with its own rms_norm; in float32 throughout."""

    def normalized(h: Tensor) -> Tensor:
        return nn.functional.rms_norm(h, h.shape[-1:], eps=1e-8)

    for weight in weights:
        h = nn.functional.linear(normalized(x) if norm == "pre" else x, weight.T).relu()
        x = torch.add(x, h, alpha=scale)
        x = normalized(x) if norm == "post" else x
    return x


@variant
def recursive(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> Tensor:
    """The first block, then the network of all others; the scale inside, since ReLU lets it through."""
    if not weights:
        return x.clone()
    size = (x.square().mean(-1, keepdim=True) + 1e-8).sqrt()
    inside = x / size if norm == "pre" else x
    total = x + torch.clamp(scale * inside @ weights[0], min=0)
    if norm == "post":
        total = total / (total.square().mean(-1, keepdim=True) + 1e-8).sqrt()
    return recursive(total, weights[1:], scale, norm)


@variant
def norm_at_the_end(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> Tensor:
    """With "post" one norm behind the last block: without biases a block keeps the factor that its input has."""
    sizes = (x.square().mean(1, keepdim=True) + 1e-8).sqrt()
    for weight in weights:
        branch = (x / sizes if norm == "pre" else x) @ weight
        x = x + scale * branch.clamp(min=0)
        sizes = (x.square().mean(1, keepdim=True) + 1e-8).sqrt()
    return x / sizes if norm == "post" else x


@variant
def in_place(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> Tensor:
    """A copy that changes in place, in double precision, with samples as columns."""
    h = x.double().T.clone()
    for weight in weights:
        branch = h.clone()
        if norm == "pre":
            branch /= branch.pow(2).mean(0).add(1e-8).sqrt()
        branch = weight.double().T @ branch
        h += scale * branch * (branch > 0)
        if norm == "post":
            h /= h.pow(2).mean(0).add(1e-8).sqrt()
    return h.T.to(x.dtype).contiguous()


@variant
def modules(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> Tensor:
    """A class derived from nn.Module, and nn.Sequential."""

    class Block(nn.Module):
        def __init__(self, weight: Tensor) -> None:
            super().__init__()
            self.linear = nn.Linear(len(weight), len(weight), bias=False)
            self.linear.weight = nn.Parameter(weight.T.clone())
            self.norm = nn.RMSNorm(len(weight), eps=1e-8)

        def forward(self, h: Tensor) -> Tensor:
            h = h + scale * torch.relu(self.linear(self.norm(h) if norm == "pre" else h))
            return self.norm(h) if norm == "post" else h

    with torch.no_grad():
        result: Tensor = nn.Sequential(*map(Block, weights))(x)
    return result
