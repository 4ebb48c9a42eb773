"""lora_forward must add alpha / r times a product of two thin matrices to a frozen weight."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, largest, matrices, predict, variant

Layer = tuple[Tensor, Tensor, Tensor, Tensor]
"""x, W, A and B."""

# One number of each: N = I = O = r = 1.
ONE: Layer = (torch.tensor([[2.0]]), torch.tensor([[3.0]]), torch.tensor([[0.5]]), torch.tensor([[4.0]]))
# N, I, O and r all differ.
FULL: Layer = (
    torch.tensor([[1.0, 2.0, -1.0, 0.5], [0.5, -1.0, 2.0, 1.0], [1.5, 0.25, 1.0, -2.0]]),
    torch.tensor([[1.0, 0.5, -1.0, 2.0], [0.25, -1.5, 1.0, 0.5]]),
    torch.tensor([[1.0, -0.5, 2.0, 0.25]]),
    torch.tensor([[1.5], [-0.75]]),
)
RANK_2: Layer = (
    FULL[0][:1],
    torch.tensor([[1.0, 0.5, -1.0, 2.0], [0.25, -1.5, 1.0, 0.5], [2.0, 1.0, 0.75, -1.0]]),
    torch.tensor([[1.0, -0.5, 2.0, 0.25], [0.5, 1.5, -1.0, 1.0]]),
    torch.tensor([[1.5, 0.5], [-0.75, 2.0], [0.25, -1.0]]),
)
# The rows of A are equal, so the rank of B A is 1, and r is 2.
DEPENDENT: Layer = (RANK_2[0], RANK_2[1], FULL[2].expand(2, 4), RANK_2[3])
# All sizes are 2: a transposed matrix raises nothing here.
SQUARE: Layer = (
    torch.tensor([[1.0, 2.0], [-0.5, 1.5]]),
    torch.tensor([[1.0, 0.5], [-2.0, 3.0]]),
    torch.tensor([[0.5, -1.0], [2.0, 0.25]]),
    torch.tensor([[1.0, 3.0], [-1.5, 0.5]]),
)
alphas = st.sampled_from([0.5, 1.0, 4.0, 16.0])


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Draw a layer with an update, and inputs for it."""
    n, i, o, r = (draw(st.integers(1, 3)) for _ in range(4))
    return tuple(draw(matrices(*shape, low=-2, high=2)) for shape in ((n, i), (o, i), (r, i), (o, r)))  # type: ignore[return-value]


def _scale(layer: Layer, alpha: float) -> float:
    """Return the natural size of an output."""
    x, W, A, B = (largest(part) for part in layer)
    return 1 + x * len(layer[0][0]) * (W + alpha * B * A)


@given(layer=layers(), alpha=alphas)
@example(layer=ONE, alpha=1.0)
@example(layer=SQUARE, alpha=4.0)
@example(layer=FULL, alpha=4.0)
def test_begins_as_the_frozen_layer(lora_forward: StudentFunction, layer: Layer, alpha: float) -> None:
    """With B = 0, as at the start of training, the output is that of the frozen layer, and with alpha = 0 as well.

    So fine-tuning begins exactly at the model that it was given, whatever random numbers are in A.
    """
    x, W, A, B = layer
    expected = x.double() @ W.double().T
    says = "With B = 0, the output is not that of the frozen layer."
    assert_close(lora_forward(x, W, A, torch.zeros_like(B), alpha), expected, scale=_scale(layer, 0), says=says)
    says = "With alpha = 0, the output is not that of the frozen layer."
    assert_close(lora_forward(x, W, A, B, 0.0), expected, scale=_scale(layer, 0), says=says)


@given(layer=layers(), alpha=alphas)
@example(layer=ONE, alpha=4.0)
@example(layer=RANK_2, alpha=1.0)
@example(layer=DEPENDENT, alpha=1.0)
@example(layer=FULL, alpha=4.0)
def test_merged(lora_forward: StudentFunction, layer: Layer, alpha: float) -> None:
    """The update can be merged: a plain layer with the weight W + (alpha / r) B A has the same outputs.

    The merged weight is computed entry by entry in plain Python. After training, one merges, and the model is as
    fast as before.
    """
    x, W, A, B = (part.double().tolist() for part in layer)
    outputs = []
    for inputs in x:
        said = []
        for o, weights in enumerate(W):
            merged = [w + alpha / len(A) * sum(B[o][k] * A[k][i] for k in range(len(A))) for i, w in enumerate(weights)]
            said.append(sum(a * b for a, b in zip(inputs, merged, strict=True)))
        outputs.append(said)
    says = "The output is not that of a layer with the weight W + (alpha / r) B A."
    assert_close(lora_forward(*layer, alpha), torch.tensor(outputs), scale=_scale(layer, alpha), says=says)


@given(layer=layers(), alpha=alphas)
@example(layer=ONE, alpha=1.0)
@example(layer=FULL, alpha=1.0)
@example(layer=RANK_2, alpha=4.0)
def test_linear_in_alpha(lora_forward: StudentFunction, layer: Layer, alpha: float) -> None:
    """Twice the alpha is twice the update, and the frozen part stays: alpha is a dial on the update alone.

    With the dial at 0 the model is the old one, and between 0 and alpha lies a mixture of the two.
    """
    frozen, once, twice = (lora_forward(*layer, factor * alpha).double() for factor in (0, 1, 2))
    says = f"From alpha = 0 to {alpha:g} the output does not change as it does from {alpha:g} to {2 * alpha:g}."
    assert_close(twice - once, once - frozen, scale=_scale(layer, 2 * alpha), says=says)


@given(layer=layers(), alpha=alphas)
@example(layer=RANK_2, alpha=1.0)
@example(layer=SQUARE, alpha=4.0)
def test_rank_counts(lora_forward: StudentFunction, layer: Layer, alpha: float) -> None:
    """Writing A twice below itself and B twice beside itself doubles r and changes nothing.

    B A is then twice as large, and the factor alpha / r half as large: that is what the division by r is for.
    """
    x, W, A, B = layer
    doubled = lora_forward(x, W, torch.cat([A, A]), torch.cat([B, B], dim=1), alpha)
    says = "With A and B written twice, the output changes."
    assert_close(doubled, lora_forward(*layer, alpha).double(), scale=_scale(layer, 2 * alpha), says=says)


@given(layer=layers(), alpha=alphas)
@example(layer=FULL, alpha=4.0)
def test_low_rank(lora_forward: StudentFunction, layer: Layer, alpha: float) -> None:
    """Inputs that every row of A is orthogonal to see the frozen layer only: an update of rank r has r directions.

    Here the inputs lose their part along the first row of A, and A has no other.
    """
    x, W, A, B = layer
    first = A[:1].double()
    if not bool(first.any()):
        return
    blind = (x.double() - (x.double() @ first.T) @ first / first.square().sum()).float()
    says = "For inputs that are orthogonal to the only row of A, the output is not that of the frozen layer."
    size = _scale((blind, W, A, B), alpha)
    assert_close(lora_forward(blind, W, A[:1], B[:, :1], alpha), blind.double() @ W.double().T, scale=size, says=says)


@predict(
    answer="B only",
    because="The update is B A. B's gradient contains A, which is random, and A's gradient contains B, which is 0."
    " After the first step B is not 0 any more, and A moves as well.",
    otherwise={
        "A only": "It is the other way round: the gradient of A is multiplied by B, which is 0 at the start.",
        "both": "The gradient of A is multiplied by B, and B is 0 at the start.",
        "neither, the update is 0": "That would be so if A were 0, too. That is why one of the two begins at random.",
    },
)
def first_gradients(lora_forward: Callable[..., Tensor]) -> dict[str, list[float]]:
    """A low-rank update begins with random numbers in A and with B = 0. Both are trained.

    Which of the two has a gradient that is not 0 in the first step?
    """
    x, W, A, _ = RANK_2
    A, B = A.clone().requires_grad_(), torch.zeros(3, 2, requires_grad=True)
    sizes: dict[str, list[float]] = {"step": [], "gradient of A": [], "gradient of B": []}
    for step in range(6):
        loss = (lora_forward(x, W, A, B, 2.0) - 1).square().mean()
        grad_A, grad_B = torch.autograd.grad(loss, [A, B])
        for key, value in zip(sizes, (step, grad_A.norm(), grad_B.norm()), strict=True):
            sizes[key].append(float(value))
        A, B = ((p - 0.01 * grad).detach().requires_grad_() for p, grad in ((A, grad_A), (B, grad_B)))
    assert sizes["gradient of A"][0] == 0
    assert sizes["gradient of B"][0] > 1e-3
    assert sizes["gradient of A"][1] > 1e-3
    return {"step": sizes["step"], "gradient of A": sizes["gradient of A"]}


# Right answers in other styles


@variant
def merged(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """The merged weight, and a linear layer of torch."""
    return torch.nn.functional.linear(x, W + alpha * (B @ A) / A.shape[0])


@variant
def einsum(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """One einsum for the update, in float32 throughout."""
    update = torch.einsum("ni,ri,or->no", x, A, B)
    return torch.addmm(update * (alpha / B.shape[1]), x, W.t())


@variant
def modules(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """Three layers of torch.nn, as libraries do it."""
    parts = []
    for weight in (W, A, B):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        layer.weight = torch.nn.Parameter(weight)
        parts.append(layer)
    frozen, down, up = parts
    with torch.no_grad():
        return frozen(x) + up(down(x)) * alpha / down.out_features  # type: ignore[no-any-return]


@variant
def rows(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """A loop over samples and over the rank, which adds outer products."""
    weight = W.clone()
    for a, b in zip(A, B.T, strict=True):
        weight += alpha / len(A) * torch.outer(b, a)
    return torch.stack([weight @ sample for sample in x])


@variant
def numpy(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Any:
    """NumPy in double precision."""
    a, b = A.double().numpy(), B.double().numpy()
    merged = W.double().numpy() + alpha / len(a) * np.matmul(b, a)
    return torch.from_numpy(x.double().numpy() @ merged.T).float()
