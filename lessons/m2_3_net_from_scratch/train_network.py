"""train_network must take every step from where the last one ended, and leave the tensors of the caller alone."""

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_close,
    driver,
    examples,
    largest,
    predict,
    variant,
)

from .shared import CURVE, FULL, KEYS, SQUARE, Net, Params, descent, error_size, nets, reordered, turned

some_rates, some_steps = st.sampled_from([1 / 64, 1 / 32, 1 / 16]), st.integers(1, 4)
RUNAWAY = 2.0


def _size(net: Net, path: list[Params]) -> float:
    """Return the natural size of a parameter on the way."""
    return 1 + max(largest(params[key]) for params in path for key in KEYS)


def _loss_size(net: Net, path: list[Params]) -> float:
    return max(error_size(params, net[2]) for params in path) ** 2


@examples(6)
@given(net=nets(), lr=some_rates)
@example(net=FULL, lr=0.125)
def test_no_steps(train_network: StudentFunction, net: Net, lr: float) -> None:
    """With steps = 0 nothing happens: the parameters are those of the call, and there are no losses.

    Each update records one loss, and there are no updates.
    """
    trained, losses = train_network(*net, lr, 0)
    assert_close(trained, net[0], scale=_size(net, [net[0]]), says="Without any step, the parameters change.")
    assert_close(len(losses), 0, tolerance=0, says="Without any step there is a loss in the list.")


@examples(6)
@given(net=nets(), lr=some_rates, steps=some_steps)
@example(net=FULL, lr=0.125, steps=3)
@example(net=CURVE, lr=RUNAWAY, steps=3)
@example(net=FULL, lr=0.0, steps=3)
def test_losses(train_network: StudentFunction, net: Net, lr: float, steps: int) -> None:
    """Entry t of the losses is the loss before update t, one entry for each step, however large lr is.

    The expected losses come from a net by hand in float64. With a learning rate that is too large they rise, and the
    list shows it.
    """
    path, expected = descent(*net, lr, steps)
    says = "The losses are not those before each update."
    _, losses = train_network(*net, lr, steps)
    assert_close(losses, expected, tolerance=PARAM32, scale=_loss_size(net, path), says=says)


@examples(6)
@given(net=nets(), lr=some_rates, steps=some_steps)
@example(net=FULL, lr=0.125, steps=1)
@example(net=FULL, lr=0.125, steps=3)
@example(net=SQUARE, lr=0.125, steps=2)
@example(net=CURVE, lr=RUNAWAY, steps=3)
def test_trained_parameters(train_network: StudentFunction, net: Net, lr: float, steps: int) -> None:
    """The trained parameters are where all the steps lead, and each step moves all four against their own gradients.

    All four gradients of a step belong to the same place: the one before the step. The expected parameters come from a
    net by hand in float64.
    """
    path, _ = descent(*net, lr, steps)
    trained, _ = train_network(*net, lr, steps)
    for key in KEYS:
        says = f'"{key}" is not where {steps} steps against the gradient lead.'
        assert_close(trained[key], path[-1][key], tolerance=PARAM32, scale=_size(net, path), says=says)


@examples(6)
@given(net=nets(), lr=some_rates, steps=st.integers(0, 3), more_steps=st.integers(1, 3))
@example(net=FULL, lr=0.125, steps=2, more_steps=2)
def test_stopped_and_continued(
    train_network: StudentFunction, net: Net, lr: float, steps: int, more_steps: int
) -> None:
    """Training can be stopped and continued: some steps, then some more from there, are the same as all of them.

    Nothing but the parameters is carried from one step to the next.
    """
    params, X, Y = net
    whole, all_losses = train_network(params, X, Y, lr, steps + more_steps)
    middle, losses = train_network(params, X, Y, lr, steps)
    middle = {key: part.float() for key, part in middle.items()}
    end, more_losses = train_network(middle, X, Y, lr, more_steps)
    path, _ = descent(params, X, Y, lr, steps + more_steps)
    says = f"{steps} steps and {more_steps} more do not give the losses of {steps + more_steps} steps."
    assert_close(losses + more_losses, all_losses, tolerance=PARAM32, scale=_loss_size(net, path), says=says)
    says = f"{steps} steps and {more_steps} more do not end where {steps + more_steps} steps end."
    assert_close(end, whole, tolerance=PARAM32, scale=_size(net, path), says=says)


@examples(6)
@given(net=nets(), lr=some_rates, steps=some_steps)
@example(net=FULL, lr=0.125, steps=2)
def test_trained_twice(train_network: StudentFunction, net: Net, lr: float, steps: int) -> None:
    """Training twice from the same tensors gives the same twice: they are still the start after the first training.

    A step that changes the tensors of the caller in place spoils the start for all who use it.
    """
    params, X, Y = net
    code = "_, first = train_network(params, X, Y, lr, steps)\n_, second = train_network(params, X, Y, lr, steps)\n"
    both = train_network.run(f"{code}[*first, *second]", params=params, X=X, Y=Y, lr=lr, steps=steps)
    path, expected = descent(*net, lr, steps)
    says = "The second training from the same tensors does not have the losses of the first."
    assert_close(both, expected + expected, tolerance=PARAM32, scale=_loss_size(net, path), says=says)


@examples(6)
@given(net=nets(), lr=some_rates, steps=some_steps, turn=st.integers(1, 3))
@example(net=FULL, lr=0.125, steps=2, turn=1)
def test_training_reordered(train_network: StudentFunction, net: Net, lr: float, steps: int, turn: int) -> None:
    """With the hidden units in another order, the same losses occur, and the trained units are in that order.

    A unit is trained by what it says, wherever it stands.
    """
    params, X, Y = net
    order, (path, _) = turned(params, turn), descent(*net, lr, steps)
    trained, losses = train_network(params, X, Y, lr, steps)
    moved, same_losses = train_network(reordered(params, order), X, Y, lr, steps)
    says = f"With the hidden units in the order {order}, the losses change."
    assert_close(same_losses, losses, tolerance=PARAM32, scale=_loss_size(net, path), says=says)
    says = f"With the hidden units in the order {order}, the trained parameters are not in that order."
    assert_close(moved, reordered(trained, order), tolerance=PARAM32, scale=_size(net, path), says=says)


def test_learns_the_sine(train_network: StudentFunction) -> None:
    """In 200 steps the loss on twenty points of a sine falls below half of where it began, and it never rises.

    The learning rate is below 2 / (largest curvature), so every step goes down.
    """
    found = train_network.drive("learned")
    expected = {"the loss rises": False, "more than half of it is left": False}
    if found["the loss rises"]:
        raise CheckFailed("On a sine, the loss rises from one step to the next.", found, expected)
    if found["more than half of it is left"]:
        raise CheckFailed("On a sine, 200 steps leave more than half of the loss.", found, expected)


@driver
def learned(train_network: Callable[..., Any]) -> Any:
    """Return how 200 steps on a sine went: in so many steps, the numbers themselves depend on every rounding."""
    generator = torch.Generator().manual_seed(0)
    params = {
        "W1": torch.randn(1, 8, generator=generator),
        "b1": torch.zeros(8),
        "W2": torch.randn(8, 1, generator=generator) / 8**0.5,
        "b2": torch.zeros(1),
    }
    x = torch.linspace(-3, 3, 20)[:, None]
    _, losses = train_network(params, x, x.sin(), 0.1, 200)
    losses = torch.tensor([float(loss) for loss in losses])
    rises = bool((losses[1:] > losses[:-1] + 1e-5).any()) or not bool(losses.isfinite().all())
    fell = len(losses) > 0 and bool(losses[-1] < 0.5 * losses[0])
    return {"the loss rises": rises, "more than half of it is left": not fell}


@predict(
    answer="One: all five stay alike",
    because="Units that are alike say the same, so the same gradient comes back to each of them, and the same step"
    " keeps them alike. Five such units are as good as one, and that is why weights begin at random.",
    otherwise={
        "Five: training makes them differ": "A gradient does not know the number of its unit: equal units get equal"
        " gradients, in every step.",
        "Two: some go up and the others go down": "Nothing tells one unit to go up and its twin to go down.",
        "None: their weights stay as they are": "They do move, for there are errors and W2 is not 0. But they move"
        " together.",
    },
)
def units_that_begin_alike(train_network: Callable[..., tuple[Params, list[float]]]) -> dict[str, list[float]]:
    """A network has five hidden units, all with the same weights, and the output layer weighs all of them alike.

    After 200 steps of training, how many different hidden units does it have?
    """
    x = torch.linspace(-3, 3, 20)[:, None]
    params = {
        "W1": torch.full((1, 5), 0.5),
        "b1": torch.full((5,), 0.1),
        "W2": torch.full((5, 1), 0.3),
        "b2": torch.zeros(1),
    }
    trained, losses = train_network(params, x, x.sin(), 0.1, 200)
    assert largest(trained["W1"] - trained["W1"][:, :1]) < 1e-5
    assert losses[-1] < losses[0]
    assert largest(trained["W1"] - params["W1"]) > 1e-2
    return {"step": [float(step) for step in range(200)], "loss": losses}


# Right answers in other styles


@variant
def in_place(params: Params, X: Tensor, Y: Tensor, lr: float, steps: int) -> tuple[Params, list[float]]:
    """Clones that are updated in place, with the forward and backward pass written out."""
    W1, b1, W2, b2 = (params[key].clone() for key in KEYS)
    losses = []
    for _ in range(steps):
        h = torch.tanh(X @ W1 + b1)
        error = h @ W2 + b2 - Y
        losses.append(error.square().mean().item())
        back = 2 * error / error.numel()
        into = (back @ W2.T) * (1 - h**2)
        W2 -= lr * h.T @ back
        b2 -= lr * back.sum(0)
        W1 -= lr * X.T @ into
        b1 -= lr * into.sum(0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


@variant
def optimizer(params: Params, X: Tensor, Y: Tensor, lr: float, steps: int) -> tuple[Params, list[Tensor]]:
    """Autograd and torch.optim.SGD."""
    leaves = {key: part.clone().requires_grad_() for key, part in params.items()}
    sgd, losses = torch.optim.SGD(leaves.values(), lr=lr), []
    for _ in range(steps):
        outputs = torch.tanh(X @ leaves["W1"] + leaves["b1"]) @ leaves["W2"] + leaves["b2"]
        loss = torch.nn.functional.mse_loss(outputs, Y)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        losses.append(loss.detach())
    return {key: part.detach() for key, part in leaves.items()}, losses


@variant
def module(params: Params, X: Tensor, Y: Tensor, lr: float, steps: int) -> tuple[Params, list[float]]:
    """nn.Sequential, whose weights are transposed."""
    net = torch.nn.Sequential(
        torch.nn.Linear(*params["W1"].shape), torch.nn.Tanh(), torch.nn.Linear(*params["W2"].shape)
    )
    names = {"0.weight": "W1", "0.bias": "b1", "2.weight": "W2", "2.bias": "b2"}
    net.load_state_dict({name: params[key].T if "W" in key else params[key] for name, key in names.items()})
    losses = []
    for _ in range(steps):
        loss = ((net(X) - Y) ** 2).mean()
        losses.append(loss.item())
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for part in net.parameters():
                assert part.grad is not None
                part.sub_(lr * part.grad)
    state = net.state_dict()
    return {key: state[name].T if "W" in key else state[name] for name, key in names.items()}, losses


@variant
def recursive(params: Params, X: Tensor, Y: Tensor, lr: float, steps: int) -> tuple[Params, list[float]]:
    """One step, and then the training of the rest, in float64."""
    path, losses = descent(params, X, Y, lr, min(steps, 1))
    if not steps:
        return path[-1], losses
    end, rest = recursive(path[-1], X, Y, lr, steps - 1)
    return end, losses + rest


@variant
def float32(params: Params, X: Tensor, Y: Tensor, lr: float, steps: int) -> tuple[Params, list[float]]:
    """float32 throughout, the losses in one tensor, and fresh leaves in every step."""
    params, losses = {key: part.float() for key, part in params.items()}, torch.zeros(steps)
    for t in range(steps):
        leaves = [params[key].detach().clone().requires_grad_() for key in KEYS]
        loss = ((torch.tanh(X @ leaves[0] + leaves[1]) @ leaves[2] + leaves[3] - Y) ** 2).mean()
        losses[t] = loss.detach()
        grads = torch.autograd.grad(loss, leaves)
        params = {key: part.detach() - lr * grad for key, part, grad in zip(KEYS, leaves, grads, strict=True)}
    return params, losses  # type: ignore[return-value]
