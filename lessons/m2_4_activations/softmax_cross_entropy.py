"""softmax_cross_entropy must give the loss for classes and its gradient, also where exp overflows or underflows."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, largest, matrices, numbers, predict, variant

Case = tuple[Tensor, Tensor]
"""logits and targets."""

# N and C differ, no class is right twice as often as another one by accident, and no row is another one shifted.
LOGITS = torch.tensor([[1.0, -0.5, 2.0], [0.25, 3.0, -1.0], [-2.0, 0.5, 0.75], [1.5, 1.0, -0.25]])
TARGETS = torch.tensor([0, 1, 1, 2])
SQUARE = (LOGITS[:3], TARGETS[:3])
# In the first and the third row the model is confident and right, and mirrored it is wrong. The rows lie far apart.
HUGE = torch.tensor([[1000.0, 0.0, -1000.0], [-1000.0, -999.0, -1200.0], [3.0, 400.0, 2.0], [88.0, 90.0, 89.0]])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw logits and targets."""
    logits = draw(matrices((1, 5), (2, 4)))
    classes = st.integers(0, logits.shape[1] - 1)
    targets = draw(st.lists(classes, min_size=len(logits), max_size=len(logits)))
    return logits, torch.tensor(targets)


def _log_probabilities(logits: Tensor) -> list[list[float]]:
    """Return the logarithm of the softmax, row by row in plain Python."""
    result = []
    for row in logits.tolist():
        top = max(row)
        total = math.log(sum(math.exp(value - top) for value in row))
        result.append([value - top - total for value in row])
    return result


def _expected(logits: Tensor, targets: Tensor) -> tuple[float, Tensor]:
    log_probabilities, right = _log_probabilities(logits), targets.tolist()
    count = len(right)
    loss = -sum(row[target] for row, target in zip(log_probabilities, right, strict=True)) / count
    grad = [
        [(math.exp(value) - (c == target)) / count for c, value in enumerate(row)]
        for row, target in zip(log_probabilities, right, strict=True)
    ]
    return loss, torch.tensor(grad, dtype=torch.float64)


def _spread(logits: Tensor) -> float:
    """Return the natural size of a loss: how far the logits of a sample lie apart."""
    return 1 + float((logits.max(dim=1).values - logits.min(dim=1).values).max())


@given(case=cases())
@example(case=(LOGITS, TARGETS))
@example(case=SQUARE)
def test_loss(softmax_cross_entropy: StudentFunction, case: Case) -> None:
    """The loss is the mean over the samples of minus the logarithm of the softmax probability of the right class.

    The expected number comes from plain Python, one sample at a time.
    """
    loss, _ = softmax_cross_entropy(*case)
    says = "The loss is not the mean of -log of the probabilities of the right classes."
    assert_close(loss, _expected(*case)[0], scale=_spread(case[0]), says=says)


@given(case=cases())
@example(case=(LOGITS, TARGETS))
@example(case=SQUARE)
def test_gradient(softmax_cross_entropy: StudentFunction, case: Case) -> None:
    """Every entry of the gradient is the probability of its class, minus 1 at the right class, divided by N.

    The expected numbers come from plain Python.
    """
    _, grad = softmax_cross_entropy(*case)
    assert_close(grad, _expected(*case)[1], says="The gradient is not (probability - 1 at the right class) / N.")


@given(case=cases(), shift=numbers(-1000, 1000))
@example(case=(LOGITS, TARGETS), shift=100.0)
@example(case=(LOGITS, TARGETS), shift=-200.0)
def test_shifted(softmax_cross_entropy: StudentFunction, case: Case, shift: float) -> None:
    """A number added to all logits of a sample changes neither the loss nor the gradient, however large it is.

    It multiplies all exp by the same factor, and the quotient stays the same. So only differences of logits count.
    """
    logits, targets = case
    steps = shift * torch.arange(1.0, len(logits) + 1)[:, None] / 4
    before, after = softmax_cross_entropy(logits, targets), softmax_cross_entropy(logits + steps, targets)
    says = f"With {shift / 4:g} added to the logits of the first sample, twice that to the second, and so on, "
    assert_close(after[0], before[0], scale=_spread(logits), says=says + "the loss changes.")
    assert_close(after[1], before[1].double(), says=says + "the gradient changes.")


@given(case=cases())
@example(case=(LOGITS, TARGETS))
def test_rows_sum_to_zero(softmax_cross_entropy: StudentFunction, case: Case) -> None:
    """Every row of the gradient adds up to 0, and only its entry at the right class is negative.

    A step against it raises the right logit, and lowers the others by as much in all, each by its own probability.
    """
    logits, targets = case
    _, grad = softmax_cross_entropy(logits, targets)
    says = "A row of the gradient does not add up to 0."
    assert_close(grad.double().sum(dim=1), torch.zeros(len(logits)), says=says)
    signs = torch.ones_like(logits).scatter(1, targets[:, None], -1.0)
    says = "A step against the gradient lowers a right logit, or raises a wrong one."
    assert_at_most(torch.zeros_like(logits), grad.double() * signs, slack=1e-6, says=says)


@given(case=cases(), change=matrices(5, 4))
@example(case=(LOGITS, TARGETS), change=torch.ones(5, 4).tril())
@example(case=(LOGITS, TARGETS), change=-torch.ones(5, 4).triu())
def test_above_its_tangents(softmax_cross_entropy: StudentFunction, case: Case, change: Tensor) -> None:
    """From any logits to any others, the loss rises at least as much as the gradient says.

    The loss is convex in the logits: it lies above all of its tangents. So there are no bad valleys between a logit and
    the loss; those come from the layers before it.
    """
    logits, targets = case
    change = change[: len(logits), : logits.shape[1]]
    (loss, grad), (other, _) = softmax_cross_entropy(logits, targets), softmax_cross_entropy(logits + change, targets)
    promised = loss + float((grad.double() * change).sum())
    slack = 1e-5 * (_spread(logits) + largest(change) * logits.shape[1])
    assert_at_most(promised, other, slack=slack, says="The loss is lower than its tangent says.")


@given(case=cases())
@example(case=(torch.zeros(4, 3), TARGETS))
@example(case=(LOGITS, TARGETS))
def test_undecided(softmax_cross_entropy: StudentFunction, case: Case) -> None:
    """With equal logits the loss is the logarithm of the number of classes.

    That is the loss of a model that knows nothing: the loss to beat. A network whose first loss is much higher begins
    with certainties that it has no reason for.
    """
    logits, targets = case
    loss, _ = softmax_cross_entropy(torch.zeros_like(logits), targets)
    says = f"With {logits.shape[1]} equal logits the loss is not log({logits.shape[1]})."
    assert_close(loss, math.log(logits.shape[1]), says=says)


@given(case=cases(), factor=st.sampled_from([50.0, 200.0]))
@example(case=(HUGE, TARGETS), factor=1.0)
@example(case=(HUGE.flip(1), TARGETS), factor=1.0)
@example(case=(LOGITS, TARGETS), factor=200.0)
def test_huge_logits(softmax_cross_entropy: StudentFunction, case: Case, factor: float) -> None:
    """With logits of 1000 and -1000 the loss and the gradient are right and finite.

    A confident and right model has the loss 0. A confident and wrong one has the loss (largest logit) - (right logit),
    which may be 1000, and a gradient that says clearly which way to go.
    """
    logits, targets = factor * case[0], case[1]
    loss, grad = softmax_cross_entropy(logits, targets)
    expected = _expected(logits, targets)
    assert_close(loss, expected[0], scale=_spread(logits), says="With large logits the loss is wrong.")
    assert_close(grad, expected[1], says="With large logits the gradient is wrong.")


@predict(
    answer="It falls in every step, but ever more slowly, and never reaches 0.",
    because="The gradient at the right class is its probability minus 1, so it shrinks as the probability comes near 1."
    " To reach 1, the right logit would have to be infinitely far ahead, so the logits grow without end.",
    otherwise={
        "It falls to 0 and stays there.": "For a loss of 0 the right class would need exactly the probability 1,"
        " and exp of a finite number is never 0 for the other classes.",
        "It falls to log(3) and stays there.": "log(3) is where it begins: three equal probabilities.",
        "It falls, and then swings around its lowest value.": "To swing, a step would have to overshoot a bottom. This"
        " loss has no bottom: it falls for ever in the direction of the right logit.",
    },
)
def train_the_logits(softmax_cross_entropy: Callable[[Tensor, Tensor], tuple[float, Tensor]]) -> dict[str, Tensor]:
    """One sample, three classes, and all logits are 0. You train the logits themselves, with the learning rate 1.

    What does the loss do in 1000 steps?
    """
    logits, targets, losses = torch.zeros(1, 3), torch.tensor([1]), []
    for _ in range(1000):
        loss, grad = softmax_cross_entropy(logits, targets)
        losses.append(loss)
        logits = logits - grad
    curve = torch.tensor(losses)
    assert bool((curve[1:] < curve[:-1] + 1e-6).all())
    assert curve[-1] > 1e-4
    return {"step": torch.arange(1, 1001), "loss": curve}


# Right answers in other styles


@variant
def library(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """PyTorch's loss and its backward pass; the loss is a tensor without dimensions."""
    leaf = logits.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(leaf, targets)
    loss.backward()
    assert leaf.grad is not None
    return loss.detach(), leaf.grad


@variant
def one_hot(logits: Tensor, targets: Tensor) -> tuple[float, Tensor]:
    """Takes logsumexp for the loss, softmax and one_hot for the gradient."""
    right = logits.gather(1, targets[:, None])[:, 0]
    loss = (logits.logsumexp(dim=1) - right).mean()
    onehot = torch.nn.functional.one_hot(targets, logits.shape[1])
    return loss.item(), (logits.softmax(dim=1) - onehot) / logits.shape[0]


@variant
def loop(logits: Tensor, targets: Tensor) -> list[float | Tensor]:
    """One sample at a time in plain Python, and a list of two."""
    loss, grad = 0.0, torch.zeros(logits.shape)
    for i, (row, target) in enumerate(zip(logits.tolist(), targets.tolist(), strict=True)):
        weights = [math.exp(value - max(row)) for value in row]
        loss += (math.log(sum(weights)) - (row[target] - max(row))) / len(targets)
        for c, weight in enumerate(weights):
            grad[i, c] = (weight / sum(weights) - (1 if c == target else 0)) / len(targets)
    return [loss, grad]


@variant
def differences(logits: Tensor, targets: Tensor) -> tuple[float, Tensor]:
    """Only the differences from the right logit, with their largest value taken out."""
    ahead = logits - logits[range(len(targets)), targets].unsqueeze(1)
    top = ahead.amax(dim=1, keepdim=True)
    weights = (ahead - top).exp()
    loss = (top[:, 0] + weights.sum(dim=1).log()).sum() / len(logits)
    grad = weights / weights.sum(dim=1, keepdim=True)
    grad[ahead.new_zeros(ahead.shape).scatter(1, targets[:, None], 1.0) == 1] -= 1
    return float(loss), grad / len(logits)


@variant
def float32(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """float32 throughout, log_softmax and a mask."""
    log_p = torch.log_softmax(logits.float(), dim=-1)
    mask = torch.zeros_like(log_p)
    mask[torch.arange(len(targets)), targets] = 1.0
    return -(log_p * mask).sum(dim=1).mean(), (log_p.exp() - mask) / mask.sum()


@variant
def numpy(logits: Tensor, targets: Tensor) -> tuple[float, Tensor]:
    """NumPy inside, in float64."""
    values = logits.numpy().astype(np.float64)
    values = values - values.max(axis=1, keepdims=True)
    probabilities = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    onehot = np.eye(values.shape[1])[targets.numpy()]
    loss = np.mean(np.log(np.exp(values).sum(axis=1)) - (values * onehot).sum(axis=1))
    return float(loss), torch.from_numpy((probabilities - onehot) / len(values))
