"""dpo_loss must compare a policy with its reference, pair by pair, and return the slope beside the loss."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    largest,
    predict,
    row,
    variant,
    vectors,
)

Pairs = tuple[Tensor, Tensor, Tensor, Tensor]
"""Log-probabilities: policy_chosen, policy_rejected, reference_chosen and reference_rejected."""

ONE: Pairs = (row(-3.0), row(-5.0), row(-4.0), row(-5.5))
# The margins are 1.5, -0.75 and 4, and no two of the four tensors are alike.
THREE: Pairs = (row(-3.0, -9.0, -1.5), row(-5.0, -5.0, -7.5), row(-4.0, -8.0, -2.5), row(-4.5, -4.75, -4.5))
SHORT: Pairs = (row(-1.0, -2.0), row(-3.0, -1.0), row(-1.5, -2.25), row(-2.0, -1.5))
betas = st.sampled_from([0.125, 0.5, 1.0, 2.0])


@st.composite
def pairs(draw: st.DrawFn) -> Pairs:
    """Draw the log-probabilities of one to four pairs of texts."""
    size = draw(st.integers(1, 4))
    return tuple(draw(vectors(size, size, low=-8, high=0)) for _ in range(4))  # type: ignore[return-value]


def _margins(texts: Pairs) -> list[float]:
    a, b, c, d = (part.double().tolist() for part in texts)
    return [(a[n] - c[n]) - (b[n] - d[n]) for n in range(len(a))]


def _size(texts: Pairs, beta: float) -> float:
    """Return the natural size of a loss."""
    return 1 + beta * sum(largest(part) for part in texts)


def _swapped(texts: Pairs) -> Pairs:
    """Return the same pairs, with the chosen and the rejected texts exchanged."""
    return texts[1], texts[0], texts[3], texts[2]


@given(reference=vectors(1, 4, low=-8, high=0), shift=st.sampled_from([0.0, 0.5, -2.0]), beta=betas)
@example(reference=row(-3.0), shift=0.0, beta=1.0)
@example(reference=row(-3.0, -7.0), shift=-2.0, beta=0.5)
def test_equal_margins(dpo_loss: StudentFunction, reference: Tensor, shift: float, beta: float) -> None:
    """Where the policy has raised both texts of each pair by the same, the loss is ln 2 = 0.6931.

    Training begins there, with the policy equal to the reference, and every pair pulls with half of its largest force:
    each entry of the gradient is -beta / (2 N).
    """
    other = reference - 1.5
    loss, grad = dpo_loss(reference + shift, other + shift, reference, other, beta)
    assert_close(loss, math.log(2), says=f"All margins are 0, and the loss is {float(loss):.4f} in place of ln 2.")
    expected = torch.full_like(reference, -beta / (2 * len(reference)))
    assert_close(
        grad, expected, scale=beta, says="All margins are 0, and the gradient is not -beta / (2 N) everywhere."
    )


@given(texts=pairs(), beta=betas)
@example(texts=ONE, beta=1.0)
@example(texts=SHORT, beta=1.0)
@example(texts=THREE, beta=0.5)
def test_by_hand(dpo_loss: StudentFunction, texts: Pairs, beta: float) -> None:
    """The loss is the mean of ln(1 + exp(-beta * margin)), computed pair by pair in plain Python, and so is its slope.

    The margin has four terms: the policy's chosen text and the reference's rejected one count up, the other two down.
    """
    margins = _margins(texts)
    losses = [math.log1p(math.exp(-beta * m)) for m in margins]
    slopes = [-beta / (1 + math.exp(beta * m)) / len(margins) for m in margins]
    loss, grad = dpo_loss(*texts, beta)
    says = f"The margins are {', '.join(f'{m:g}' for m in margins)}, and the loss is another one."
    assert_close(loss, sum(losses) / len(losses), scale=_size(texts, beta), says=says)
    says = f"The margins are {', '.join(f'{m:g}' for m in margins)}, and the gradient is another one."
    assert_close(grad, torch.tensor(slopes, dtype=torch.float64), scale=beta * _size(texts, beta), says=says)


@given(texts=pairs(), beta=betas)
@example(texts=ONE, beta=1.0)
@example(texts=THREE, beta=0.5)
def test_swapped(dpo_loss: StudentFunction, texts: Pairs, beta: float) -> None:
    """With chosen and rejected texts exchanged, the loss changes by beta times the mean margin, and the pull turns.

    A pair and its exchange share a force of beta / N: the better the policy orders a pair, the less the pair pulls, and
    the more its exchange would.
    """
    (loss, grad), (other, pull) = dpo_loss(*texts, beta), dpo_loss(*_swapped(texts), beta)
    margins = _margins(texts)
    says = "Exchanging chosen and rejected does not change the loss by beta times the mean margin."
    gap = float(other) - float(loss)
    assert_close(gap, beta * sum(margins) / len(margins), scale=_size(texts, beta), says=says)
    says = "The gradients of the pairs and of the exchanged pairs do not add up to -beta / N."
    expected = torch.full_like(texts[0], -beta / len(margins))
    assert_close(grad + pull, expected, scale=beta * _size(texts, beta), says=says)


@given(texts=pairs(), move=st.sampled_from([-1.0, -0.5, 0.5, 1.0]), beta=betas)
@example(texts=ONE, move=0.5, beta=1.0)
@example(texts=THREE, move=-1.0, beta=1.0)
def test_gradient_is_the_slope(dpo_loss: StudentFunction, texts: Pairs, move: float, beta: float) -> None:
    """The gradient is the slope of the loss: after a move, the loss is never below the tangent, and hardly above it.

    The loss is convex in the margins, and its curvature for each pair is at most beta squared over 4 N.
    """
    chosen, *others = texts
    loss, grad = dpo_loss(chosen, *others, beta)
    moved, _ = dpo_loss(chosen + move, *others, beta)
    tangent = float(loss) + move * float(grad.double().sum())
    slack = LOSS32 * _size(texts, beta) * 4
    named = f"All chosen texts move by {move:g}: the tangent says {tangent:.4f}, and the loss is {float(moved):.4f}"
    assert_at_most(tangent, float(moved), slack=slack, says=f"{named}, which is below it.")
    roof = tangent + beta**2 * move**2 / 8
    assert_at_most(float(moved), roof, slack=slack, says=f"{named}, which is more above it than a curvature allows.")


@given(texts=pairs(), shift=st.sampled_from([-8.0, -1.0, 0.5]), beta=betas)
@example(texts=ONE, shift=-8.0, beta=1.0)
@example(texts=THREE, shift=-1.0, beta=2.0)
def test_only_differences(dpo_loss: StudentFunction, texts: Pairs, shift: float, beta: float) -> None:
    """Shifting both texts of the policy, or one text in both models, changes nothing: the loss sees differences only.

    That is also its weakness: a policy that makes both texts less likely has not lost anything.
    """
    a, b, c, d = texts
    expected, slope = dpo_loss(*texts, beta)
    cases = {
        "both texts of the policy": (a + shift, b + shift, c, d),
        "the chosen text in both models": (a + shift, b, c + shift, d),
    }
    for name, case in cases.items():
        loss, grad = dpo_loss(*case, beta)
        says = f"Adding {shift:g} to {name} changes the loss."
        assert_close(loss, float(expected), scale=_size(case, beta), says=says)
        says = f"Adding {shift:g} to {name} changes the gradient."
        assert_close(grad, slope.double(), scale=beta * _size(case, beta), says=says)


@given(margin=st.sampled_from([200.0, 1000.0, 8000.0]), beta=st.sampled_from([0.5, 1.0, 2.0]))
@example(margin=1000.0, beta=1.0)
def test_far_apart(dpo_loss: StudentFunction, margin: float, beta: float) -> None:
    """For texts of thousands of words margins are large: the loss is finite, 0 or beta times the margin.

    The log-probability of a text is the sum over its words, so hundreds are usual.
    """
    zero, far = row(0.0), row(-margin)
    for texts, loss, slope in (((zero, far, zero, zero), 0.0, 0.0), ((far, zero, zero, zero), beta * margin, -beta)):
        sign = "" if not loss else "-"
        found, grad = dpo_loss(*texts, beta)
        says = f"The margin is {sign}{margin:g}, beta is {beta:g}, and the loss is {float(found):g}."
        assert_close(found, loss, scale=1 + beta * margin, says=says)
        assert_close(grad, row(slope), scale=beta, says=f"The margin is {sign}{margin:g}, and the gradient is wrong.")


@predict(
    answer="It stays the same",
    because="The loss sees the difference of the two, and that has not changed. A policy may lower both texts of each"
    " pair and raise texts that are in no pair at all.",
    otherwise={
        "It rises, the chosen text is less likely": "That would be so for the cross-entropy of the chosen text. This"
        " loss compares two texts.",
        "It falls, the rejected text is less likely": "The chosen text is less likely by the same.",
        "It depends on beta": "beta is multiplied by the margin, and the margin is the same.",
    },
)
def both_less_likely(dpo_loss: Callable[..., tuple[float, Tensor]]) -> dict[str, list[float]]:
    """A policy makes the chosen and the rejected text of a pair less likely, both by the same factor.

    What does the loss of direct preference optimization do?
    """
    shifts = [float(shift) for shift in range(10)]
    losses = [dpo_loss(row(-3.0 - s), row(-5.0 - s), row(-4.0), row(-5.5), 1.0)[0] for s in shifts]
    assert max(losses) - min(losses) < 1e-6
    return {"log-probability lost": shifts, "loss": losses}


# Right answers in other styles


@variant
def autograd(
    policy_chosen: Tensor, policy_rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, beta: float
) -> tuple[Tensor, Tensor]:
    """logsigmoid, and autograd for the slope."""
    leaf = policy_chosen.clone().requires_grad_()
    logits = leaf - policy_rejected - (reference_chosen - reference_rejected)
    loss = -torch.nn.functional.logsigmoid(beta * logits).mean()
    loss.backward()
    assert leaf.grad is not None
    return loss.detach(), leaf.grad


@variant
def cross_entropy(
    policy_chosen: Tensor, policy_rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, beta: float
) -> tuple[Tensor, Tensor]:
    """Two classes, chosen and rejected, and the cross-entropy of the first."""
    rewards = beta * torch.stack([policy_chosen - reference_chosen, policy_rejected - reference_rejected], dim=1)
    labels = torch.zeros(len(rewards), dtype=torch.int64)
    return torch.nn.functional.cross_entropy(rewards, labels), -beta / len(rewards) * rewards.softmax(dim=1)[:, 1]


@variant
def ratios(
    policy_chosen: Tensor, policy_rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, beta: float
) -> tuple[float, Tensor]:
    """A loop over pairs in plain Python."""
    losses, slopes, count = [], [], len(policy_chosen)
    for a, b, c, d in zip(policy_chosen, policy_rejected, reference_chosen, reference_rejected, strict=True):
        z = beta * float((a - b) - (c - d))
        losses.append(max(-z, 0.0) + math.log1p(math.exp(-abs(z))))
        share = 1 / (1 + math.exp(z)) if z < 0 else math.exp(-z) / (1 + math.exp(-z))
        slopes.append(-beta * share / count)
    return sum(losses) / count, torch.tensor(slopes)


@variant
def numpy(
    policy_chosen: Tensor, policy_rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, beta: float
) -> tuple[float, Tensor]:
    """NumPy's logaddexp in double precision."""
    a, b, c, d = (
        part.double().numpy() for part in (policy_chosen, policy_rejected, reference_chosen, reference_rejected)
    )
    z = beta * ((a - c) - (b - d))
    slope = -beta * np.exp(-np.logaddexp(0, z)) / len(z)
    return float(np.logaddexp(0, -z).mean()), torch.tensor(slope, dtype=torch.float32)


@variant
def float32(
    policy_chosen: Tensor, policy_rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, beta: float
) -> tuple[Tensor, Tensor]:
    """BCE with logits against ones, float32 throughout."""
    z = torch.tensor(beta) * (policy_chosen - policy_rejected - reference_chosen + reference_rejected)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.ones_like(z))
    return loss, (z.sigmoid() - 1) * beta / z.numel()
