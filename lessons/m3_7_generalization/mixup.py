"""mixup must mix inputs and smoothed targets with the same shares, sample n with sample order[n]."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from grader.authoring import StudentFunction, assert_close, examples, largest, matrices, predict, variant

Call = tuple[Tensor, Tensor, int, list[int]]
"""X, labels, the number of classes, and the order."""
Results = tuple[Tensor, Tensor]

# The order is not its own inverse, and class 3 has no sample.
FULL: Call = (
    torch.tensor([[1.0, 4.0], [3.0, 0.5], [-2.5, 2.25]]),
    torch.tensor([0, 2, 1]),
    4,
    [1, 2, 0],
)
PAIR: Call = (torch.tensor([[8.0], [0.0]]), torch.tensor([0, 1]), 2, [1, 0])
# As many samples as classes and features: what is exchanged raises nothing here.
SQUARE: Call = (
    torch.tensor([[1.0, 5.0, 2.0], [2.0, -4.0, 0.5], [0.0, 3.0, -1.0]]),
    torch.tensor([2, 2, 0]),
    3,
    [2, 0, 1],
)
eighths = st.integers(0, 8).map(lambda value: value / 8)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw a batch of one to four samples, their labels, and an order."""
    X = draw(matrices((1, 4), (1, 3)))
    classes = draw(st.integers(2, 4))
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=len(X), max_size=len(X)))
    return X, torch.tensor(labels), classes, draw(st.permutations(range(len(X))))


def _plain(call: Call, lam: float, smoothing: float) -> tuple[list[list[float]], list[list[float]]]:
    """Return the expected results in plain Python."""
    X, labels, classes, order = call
    rows = X.tolist()
    soft = [[smoothing / classes + (1 - smoothing) * (c == label) for c in range(classes)] for label in labels.tolist()]
    inputs, targets = (
        [[lam * a + (1 - lam) * b for a, b in zip(part[n], part[m], strict=True)] for n, m in enumerate(order)]
        for part in (rows, soft)
    )
    return inputs, targets


@given(call=calls(), lam=eighths)
@example(call=PAIR, lam=0.75)
@example(call=FULL, lam=0.75)
@example(call=SQUARE, lam=0.25)
def test_inputs(mixup: StudentFunction, call: Call, lam: float) -> None:
    """Input n is `lam` times sample n plus 1 - `lam` times sample order[n], a point on the line between the two."""
    says = f"With lam = {lam:g}, the mixed inputs have other values."
    assert_close(mixup(*call, lam, 0.0)[0], _plain(call, lam, 0.0)[0], scale=1 + largest(call[0]), says=says)


@given(call=calls(), lam=eighths)
@example(call=PAIR, lam=0.75)
@example(call=FULL, lam=0.75)
@example(call=SQUARE, lam=0.25)
def test_targets_without_smoothing(mixup: StudentFunction, call: Call, lam: float) -> None:
    """Without smoothing, `lam` of the target is the class of sample n, and 1 - `lam` that of its partner.

    The shares are those of the inputs: three quarters of a cat and one quarter of a dog are 75 % cat.
    """
    says = f"With lam = {lam:g} and smoothing = 0, the targets have other values."
    assert_close(mixup(*call, lam, 0.0)[1], _plain(call, lam, 0.0)[1], says=says)


@given(call=calls(), smoothing=eighths)
@example(call=PAIR, smoothing=0.5)
@example(call=FULL, smoothing=0.5)
def test_smoothing(mixup: StudentFunction, call: Call, smoothing: float) -> None:
    """With lam = 1 nothing is mixed, and smoothing / classes goes to every class, the sample's own included.

    So its own class keeps 1 - smoothing + smoothing / classes.
    """
    says = f"With lam = 1 and smoothing = {smoothing:g}, the targets have other values."
    assert_close(mixup(*call, 1.0, smoothing)[1], _plain(call, 1.0, smoothing)[1], says=says)


@given(call=calls(), lam=eighths, smoothing=eighths)
@example(call=PAIR, lam=0.75, smoothing=0.5)
@example(call=FULL, lam=0.75, smoothing=0.5)
@example(call=SQUARE, lam=0.25, smoothing=0.125)
def test_all_together(mixup: StudentFunction, call: Call, lam: float, smoothing: float) -> None:
    """Both at once: the smoothed targets are mixed, and the inputs do not know about the smoothing."""
    X, targets = mixup(*call, lam, smoothing)
    expected_X, expected = _plain(call, lam, smoothing)
    says = f"With lam = {lam:g} and smoothing = {smoothing:g}, the inputs have other values."
    assert_close(X, expected_X, scale=1 + largest(call[0]), says=says)
    says = f"With lam = {lam:g} and smoothing = {smoothing:g}, the targets have other values."
    assert_close(targets, expected, says=says)


@given(call=calls(), lam=eighths, smoothing=eighths)
@example(call=PAIR, lam=0.75, smoothing=0.5)
@example(call=FULL, lam=0.25, smoothing=0.5)
def test_probabilities(mixup: StudentFunction, call: Call, lam: float, smoothing: float) -> None:
    """Every target is a set of probabilities: no entry is below 0, and a row adds up to 1.

    A mean of probabilities with shares that add up to 1 is one again.
    """
    targets = mixup(*call, lam, smoothing)[1].double()
    sums = targets.sum(dim=1)
    assert_close(sums, torch.ones(len(sums)), says=f"The rows of the targets add up to {sums.tolist()}, expected 1.")
    assert_close(targets.clamp(min=0), targets, says="An entry of the targets is below 0.")


@given(call=calls(), lam=eighths, smoothing=eighths)
@example(call=FULL, lam=0.75, smoothing=0.5)
def test_batch_mean(mixup: StudentFunction, call: Call, lam: float, smoothing: float) -> None:
    """The mean of the mixed batch is the mean of the batch: each sample gives away what another one gets."""
    X = call[0].double()
    says = "The mean of the mixed inputs is not the mean of the inputs."
    assert_close(mixup(*call, lam, smoothing)[0].double().mean(dim=0), X.mean(dim=0), scale=1 + largest(X), says=says)


@examples(12)
@given(call=calls(), lam=eighths, smoothing=eighths, logits=matrices(4, 4))
@example(call=FULL, lam=0.75, smoothing=0.5, logits=torch.arange(16.0).reshape(4, 4).sin())
def test_as_torch_cross_entropy(
    mixup: StudentFunction, call: Call, lam: float, smoothing: float, logits: Tensor
) -> None:
    """The loss on the targets is `lam` times torch's smoothed loss on the labels plus 1 - `lam` times the partners'.

    The cross-entropy is linear in the target. `label_smoothing=smoothing` is torch's own smoothing.
    """
    _, labels, classes, order = call
    z = logits[: len(labels), :classes].double()
    found = cross_entropy(z, mixup(*call, lam, smoothing)[1].double())
    own, other = (cross_entropy(z, part, label_smoothing=smoothing) for part in (labels, labels[order]))
    says = "The cross-entropy on the targets is not that of torch with label_smoothing, mixed with the same shares."
    assert_close(found, lam * own + (1 - lam) * other, scale=11, says=says)


@predict(
    answer="It is lowest at some gap of a few units, and rises beyond",
    because="The loss is lowest where the predicted probabilities are the targets, here 0.925 for the own class and"
    " 0.025 for each other one. That is a gap of log(0.925 / 0.025) = 3.6. A larger gap predicts less than 0.025, and"
    " costs more.",
    otherwise={
        "It falls for ever, towards 0": "That is the loss without smoothing. Here every class has a target above 0, and"
        " a predicted probability near 0 is expensive for it.",
        "It does not depend on the gap": "The gap decides the predicted probabilities, and so the loss.",
        "It is lowest at a gap of 0": "At gap 0 every class has the probability 0.25. The own one should have 0.925.",
    },
)
def the_best_gap(mixup: Callable[..., Results]) -> dict[str, list[float]]:
    """Four classes, smoothing 0.1. The logit of the right class is above the three others by a gap that grows.

    What does the loss on the smoothed target do?
    """
    target = mixup(torch.zeros(1, 1), torch.tensor([0]), 4, [0], 1.0, 0.1)[1]
    gaps = [step / 4 for step in range(49)]
    losses = [cross_entropy(torch.tensor([[gap, 0.0, 0.0, 0.0]]), target).item() for gap in gaps]
    assert 3.25 <= gaps[losses.index(min(losses))] <= 4
    assert losses[-1] > 2 * min(losses)
    return {"gap": gaps, "loss": losses}


# Right answers in other styles


@variant
def eye(X: Tensor, labels: Tensor, classes: int, order: list[int], lam: float, smoothing: float) -> Results:
    """Rows of the identity matrix, one function for both, and the smoothing after the mixing."""

    def mixed(part: Tensor) -> Tensor:
        return part * lam + part[torch.tensor(order)] * (1 - lam)

    return mixed(X), mixed(torch.eye(classes)[labels]) * (1 - smoothing) + smoothing / classes


@variant
def lerp(X: Tensor, labels: Tensor, classes: int, order: list[int], lam: float, smoothing: float) -> Results:
    """float32 throughout: torch.lerp, and targets that are filled and scattered."""
    soft = torch.full((len(labels), classes), smoothing / classes)
    soft.scatter_add_(1, labels[:, None], torch.full((len(labels), 1), 1 - smoothing))
    return torch.lerp(X[order], X, lam), torch.lerp(soft[order], soft, lam)


@variant
def matrix(X: Tensor, labels: Tensor, classes: int, order: list[int], lam: float, smoothing: float) -> Results:
    """One matrix that mixes the rows of anything."""
    identity = torch.eye(len(X))
    mix = lam * identity + (1 - lam) * identity[order]
    own = 1 - smoothing + smoothing / classes
    soft = torch.where(one_hot(labels, classes).bool(), own, smoothing / classes)
    return mix @ X, mix @ soft


@variant
def loops(X: Tensor, labels: Tensor, classes: int, order: list[int], lam: float, smoothing: float) -> Results:
    """Sample by sample, written into new tensors."""
    inputs, targets = torch.zeros(X.shape), torch.zeros(len(X), classes)
    for n, m in enumerate(order):
        inputs[n] = lam * X[n] + (1 - lam) * X[m]
        targets[n, labels[n]] += lam
        targets[n, labels[m]] += 1 - lam
    targets *= 1 - smoothing
    targets += smoothing / classes
    return inputs, targets


@variant
def numpy(X: Tensor, labels: Tensor, classes: int, order: list[int], lam: float, smoothing: float) -> Results:
    """NumPy in float64."""
    values = X.numpy().astype(np.float64)
    soft = np.eye(classes)[labels.numpy()] * (1 - smoothing) + smoothing / classes
    inputs, targets = (lam * part + (1 - lam) * part[order] for part in (values, soft))
    return torch.from_numpy(inputs).to(X.dtype), torch.from_numpy(targets).to(X.dtype)
