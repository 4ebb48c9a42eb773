"""fix_the_loop must train on batches, report means over samples, and only look at the validation data."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    as_tensor,
    assert_close,
    examples,
    largest,
    matrices,
    predict,
    row,
    variant,
    vectors,
)

Result = dict[str, Any]
Call = tuple[Tensor, Tensor, Tensor, Tensor, int, float, int]
"""X, y, X_val, y_val, batch_size, lr and epochs."""

X = torch.tensor([[0.0, 1.0], [2.0, -1.0], [1.0, 3.0], [4.0, 0.5], [-1.0, 2.0], [3.0, -2.0], [0.5, 1.5]])
Y = row(1.0, 4.0, -2.0, 5.0, -1.0, 3.5, 0.5)
X_VAL, Y_VAL = torch.tensor([[1.0, 1.0], [3.0, -1.5], [-2.0, 0.5]]), row(2.0, 3.0, -4.0)
ONE_BATCH: Call = (X[:3, :1], Y[:3], X_VAL[:2, :1], Y_VAL[:2], 3, 0.125, 1)
ONE_EPOCH: Call = (X[:4, :1], Y[:4], X_VAL[:2, :1], Y_VAL[:2], 2, 0.125, 1)
# Batches of 4 and 3 samples.
TWO_EPOCHS: Call = (X, Y, X_VAL, Y_VAL, 4, 0.125, 2)
ONE_TO_PREDICT: Call = (X[:4, :1], Y[:4], X_VAL[:1, :1], Y_VAL[:1], 2, 0.125, 1)
FOUR_EPOCHS: Call = (X, Y, X_VAL, Y_VAL, 4, 0.0625, 4)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw data, a size of the batches that leaves no batch of a single sample, a learning rate and epochs."""
    size, features = draw(st.integers(2, 4)), draw(st.integers(1, 2))
    rows = draw(st.integers(3, 8).filter(lambda rows: rows % size != 1))
    val_rows = draw(st.integers(1, 4))
    targets = draw(vectors(rows, rows)), draw(vectors(val_rows, val_rows))
    inputs = draw(matrices(rows, features)), draw(matrices(val_rows, features))
    lr, epochs = draw(st.sampled_from([1 / 32, 1 / 16, 1 / 8])), draw(st.integers(1, 3))
    return inputs[0], targets[0], inputs[1], targets[1], size, lr, epochs


def _by_hand(X: Tensor, y: Tensor, X_val: Tensor, y_val: Tensor, batch_size: int, lr: float, epochs: int) -> Result:
    """Return the answer in double precision, with BatchNorm and all gradients written out."""
    X, y, X_val, y_val = X.double(), y.double(), X_val.double(), y_val.double()
    gamma, w = torch.ones(X.shape[1]).double(), torch.zeros(X.shape[1]).double()
    beta, b = torch.zeros_like(w), 0.0
    mean, variance = torch.zeros_like(w), torch.ones_like(w)
    train_losses, val_losses, predictions = [], [], y_val
    for epoch in range(epochs):
        total, rate = 0.0, lr / 2**epoch
        for start in range(0, len(X), batch_size):
            part, targets = X[start : start + batch_size], y[start : start + batch_size]
            n, m, v = len(part), part.mean(0), part.var(0, correction=0)
            normal = (part - m) / (v + 1e-5).sqrt()
            z = gamma * normal + beta
            errors = z @ w + b - targets
            total += float((errors**2).sum())
            back = 2 / n * errors
            grad_w, grad_b = back @ z, float(back.sum())
            grad_gamma, grad_beta = (back @ normal) * w, back.sum() * w
            w, b, gamma, beta = w - rate * grad_w, b - rate * grad_b, gamma - rate * grad_gamma, beta - rate * grad_beta
            mean, variance = 0.9 * mean + 0.1 * m, 0.9 * variance + 0.1 * v * n / (n - 1)
        train_losses.append(total / len(X))
        predictions = (gamma * (X_val - mean) / (variance + 1e-5).sqrt() + beta) @ w + b
        val_losses.append(float(((predictions - y_val) ** 2).mean()))
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": predictions}


def _size(call: Call, *more: Any) -> float:
    """Return the natural size of a prediction: of the targets, and of what is predicted."""
    return 1 + largest(call[1]) + largest(call[3]) + sum(largest(values) for values in more)


@examples(8)
@given(call=calls())
@example(call=ONE_BATCH)
@example(call=TWO_EPOCHS)
def test_without_steps(fix_the_loop: StudentFunction, call: Call) -> None:
    """With a learning rate of 0 nothing is learned: every training loss is the mean of the squared targets.

    The network begins with the prediction 0. The mean is over all N samples, so a smaller last batch counts less.
    """
    X, y, X_val, y_val, size, _, epochs = call
    found, expected = fix_the_loop(X, y, X_val, y_val, size, 0.0, epochs), float((y.double() ** 2).mean())
    says = "With lr = 0 a training loss is not the mean of the squared targets."
    assert_close(found["train_losses"], [expected] * epochs, scale=_size(call) ** 2, says=says)
    says = "With lr = 0 a validation loss is not the mean of the squared targets."
    expected = float((y_val.double() ** 2).mean())
    assert_close(found["val_losses"], [expected] * epochs, scale=_size(call) ** 2, says=says)


@examples(8)
@given(call=calls())
@example(call=ONE_BATCH)
@example(call=ONE_EPOCH)
@example(call=TWO_EPOCHS)
@example(call=FOUR_EPOCHS)
def test_train_losses(fix_the_loop: StudentFunction, call: Call) -> None:
    """The training losses are those of a loop in which BatchNorm and all gradients are written out."""
    expected = _by_hand(*call)
    found = fix_the_loop(*call)["train_losses"]
    says = "The training losses are not those of the loop by hand."
    size = _size(call) ** 2 + largest(expected["train_losses"])
    assert_close(found, expected["train_losses"], tolerance=PARAM32, scale=size, says=says)


@examples(8)
@given(call=calls())
@example(call=ONE_BATCH)
@example(call=ONE_TO_PREDICT)
@example(call=TWO_EPOCHS)
@example(call=FOUR_EPOCHS)
def test_predictions(fix_the_loop: StudentFunction, call: Call) -> None:
    """The predictions at the end are those of the loop by hand, with what BatchNorm has learned from the batches."""
    expected = _by_hand(*call)["predictions"]
    says = "The predictions are not those of the loop by hand."
    found = fix_the_loop(*call)["predictions"]
    assert_close(found, expected, tolerance=PARAM32, scale=_size(call, expected), says=says)


@examples(8)
@given(call=calls())
@example(call=ONE_BATCH)
@example(call=TWO_EPOCHS)
def test_val_losses(fix_the_loop: StudentFunction, call: Call) -> None:
    """The last validation loss is the mean squared error of the predictions, and the others are those by hand."""
    found, expected = fix_the_loop(*call), _by_hand(*call)
    errors = as_tensor(found["predictions"]) - as_tensor(call[3])
    says = "The last validation loss is not the mean squared error of the predictions."
    size = _size(call, expected["predictions"]) ** 2 + largest(expected["val_losses"])
    assert_close(found["val_losses"][-1], float((errors**2).mean()), tolerance=PARAM32, scale=size, says=says)
    says = "The validation losses are not those of the loop by hand."
    assert_close(found["val_losses"], expected["val_losses"], tolerance=PARAM32, scale=size, says=says)


@examples(8)
@given(call=calls(), shift=st.sampled_from([-4.0, 1.0, 8.0]))
@example(call=TWO_EPOCHS, shift=8.0)
def test_only_looks(fix_the_loop: StudentFunction, call: Call, shift: float) -> None:
    """Other validation data change no training loss, and the prediction for a sample does not depend on the others.

    Otherwise the network has learned from the data that are there to judge it.
    """
    X, y, X_val, y_val, *rest = call
    before = fix_the_loop(*call)
    more, targets = torch.cat([X_val, X_val + shift]), torch.cat([y_val, y_val - shift])
    after = fix_the_loop(X, y, more, targets, *rest)
    says = "With other validation data the training losses change."
    size = _size(call) ** 2 + largest(before["train_losses"])
    assert_close(after["train_losses"], before["train_losses"], scale=size, says=says)
    found, expected = after["predictions"][: len(y_val)], before["predictions"]
    says = "With more validation data, the predictions for the first of them change."
    assert_close(found, expected, scale=_size(call, expected), says=says)


@examples(8)
@given(call=calls(), more=st.integers(1, 2))
@example(call=TWO_EPOCHS, more=1)
def test_longer_run(fix_the_loop: StudentFunction, call: Call, more: int) -> None:
    """A longer run begins like a shorter one: the losses of its first epochs are the same."""
    *rest, epochs = call
    short, long = fix_the_loop(*call), fix_the_loop(*rest, epochs + more)
    for key in ("train_losses", "val_losses"):
        if len(long[key]) != epochs + more:
            says = f'With epochs = {epochs + more}, "{key}" has {len(long[key])} entries.'
            raise CheckFailed(says, long[key], None)
        size = _size(call, short["predictions"]) ** 2 + largest(short[key])
        says = f'With epochs = {epochs + more}, "{key}" does not begin as with {epochs}.'
        assert_close(long[key][:epochs], short[key], scale=size, says=says)


@predict(
    answer="A constant",
    because="Every prediction is compared with every target, and what is nearest to all targets at once is their mean.",
    otherwise={
        "The right line, but slowly": "It would if each prediction met its own target.",
        "Nothing: PyTorch raises an error": "A column of shape (N, 1) and a row of shape (N,) broadcast to (N, N)."
        " There is no error.",
        "The line through the last point": "The loss is a mean over all pairs, and no point is special.",
    },
)
def every_pair(fix_the_loop: Callable[..., Result]) -> dict[str, Tensor]:
    """Predictions of shape (N, 1), targets of shape (N,), and the loss is the mean of (predictions - y) ** 2.

    What does the network learn to say?
    """
    X, y = torch.arange(8.0)[:, None], 2 * torch.arange(8.0)
    net = nn.Linear(1, 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    with torch.enable_grad():
        for _ in range(500):
            loss = ((net(X) - y) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    said = net(X).detach()[:, 0]
    assert largest(said - y.mean()) < 0.5
    right = fix_the_loop(X, y, X, y, 8, 0.25, 4)["predictions"]
    assert largest(right - right.mean()) > 3
    return {"x": X[:, 0], "what the network says": said}


# Right answers in other styles


def _ends(net: nn.Module, X_val: Tensor, y_val: Tensor) -> tuple[float, Tensor]:
    """Return the validation loss and the predictions."""
    net.train(mode=False)
    with torch.inference_mode():
        said = net(X_val)[:, 0].clone()
    return nn.functional.mse_loss(said, y_val).item(), said.detach()


@variant
def with_loader(X: Tensor, y: Tensor, X_val: Tensor, y_val: Tensor, batch_size: int, lr: float, epochs: int) -> Result:
    """A DataLoader, nn.functional.mse_loss, and the squared errors added up."""
    layers = [nn.BatchNorm1d(X.size(1)), nn.Linear(X.size(1), 1)]
    nn.init.constant_(layers[1].weight, 0)  # type: ignore[arg-type]
    nn.init.constant_(layers[1].bias, 0)  # type: ignore[arg-type]
    net = nn.Sequential(*layers)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=batch_size)
    optimizer = torch.optim.SGD(net.parameters(), lr)
    losses: list[list[float]] = [[], []]
    said = y_val
    for epoch in range(epochs):
        net.train()
        for group in optimizer.param_groups:
            group["lr"] = lr * 0.5**epoch
        sums = []
        for inputs, targets in loader:
            said = net(inputs).flatten()
            loss = nn.functional.mse_loss(said, targets)
            sums.append(loss.detach() * len(targets))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
        losses[0].append(float(torch.stack(sums).sum() / len(y)))
        val_loss, said = _ends(net, X_val, y_val)
        losses[1].append(val_loss)
    return {"train_losses": losses[0], "val_losses": losses[1], "predictions": said}


@variant
def with_columns(X: Tensor, y: Tensor, X_val: Tensor, y_val: Tensor, batch_size: int, lr: float, epochs: int) -> Result:
    """Targets as columns, updates by hand, and StepLR's rule by hand."""
    net = nn.Sequential(nn.BatchNorm1d(X.shape[1]), nn.Linear(X.shape[1], 1))
    net[1].load_state_dict({"weight": torch.zeros(1, X.shape[1]), "bias": torch.zeros(1)})
    train_losses, val_losses, said = [], [], y_val
    for _ in range(epochs):
        net.train()
        squares = torch.zeros(())
        for start in range(0, len(X), batch_size):
            inputs, targets = X[start : start + batch_size], y[start : start + batch_size].unsqueeze(1)
            errors = net(inputs) - targets
            grads = torch.autograd.grad(errors.square().mean(), list(net.parameters()))
            squares = squares + errors.detach().square().sum()
            with torch.no_grad():
                for part, grad in zip(net.parameters(), grads, strict=True):
                    part.sub_(lr * grad)
        lr = lr / 2
        train_losses.append(squares / len(X))
        loss, said = _ends(net, X_val, y_val)
        val_losses.append(loss)
    return {"predictions": said, "train_losses": train_losses, "val_losses": val_losses}


@variant
def with_numpy(X: Tensor, y: Tensor, X_val: Tensor, y_val: Tensor, batch_size: int, lr: float, epochs: int) -> Result:
    """NumPy in double precision, BatchNorm and all gradients by hand."""
    a, t, inputs = X.double().numpy(), y.double().numpy(), X_val.double().numpy()
    scale, shift, w, b = np.ones(a.shape[1]), np.zeros(a.shape[1]), np.zeros(a.shape[1]), 0.0
    mean, var = np.zeros(a.shape[1]), np.ones(a.shape[1])
    train_losses, val_losses, said = [], [], np.zeros(len(inputs))
    for epoch in range(epochs):
        squares = []
        for k in range(math.ceil(len(a) / batch_size)):
            part, targets = a[k * batch_size :][:batch_size], t[k * batch_size :][:batch_size]
            m, v = part.mean(0), part.var(0)
            hat = (part - m) / np.sqrt(v + 1e-5)
            error = (hat * scale + shift) @ w + b - targets
            squares += (error**2).tolist()
            g, rate = 2 * error / len(part), lr * 0.5**epoch
            steps = (g @ hat) * w, g.sum() * w, g @ (hat * scale + shift), g.sum()
            scale, shift, w, b = (p - rate * s for p, s in zip((scale, shift, w, b), steps, strict=True))
            mean, var = mean + 0.1 * (m - mean), var + 0.1 * (part.var(0, ddof=1) - var)
        said = ((inputs - mean) / np.sqrt(var + 1e-5) * scale + shift) @ w + b
        train_losses.append(float(np.mean(squares)))
        val_losses.append(float(np.mean((said - y_val.numpy()) ** 2)))
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": torch.from_numpy(said).float()}
