"""line_profile must mix the parameters of two networks, all four of them, and give the loss of every mixture."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, examples, predict, variant

from .shared import (
    FIRST,
    KEYS,
    SECOND,
    TRAINED,
    WAVE,
    WAVE_TARGETS,
    Params,
    between,
    error_size,
    loss_of,
    outputs_of,
    pairs,
    reordered,
    samples,
)

X = torch.tensor([[1.0, 0.5], [-1.5, 0.25], [0.25, -1.0]])
Y = torch.tensor([[1.0, -0.5, 2.0, 0.25], [0.5, 1.5, -1.0, 1.0], [-2.0, 0.75, 1.0, 0.5]])
ALPHAS = [0.0, 0.25, 0.5, 0.75, 1.0]
Call = tuple[Params, Params, Tensor, Tensor]
CALL: Call = (FIRST, SECOND, X, Y)
# Two networks of one hidden unit, on one sample.
SMALL: Call = (
    {
        "W1": torch.tensor([[1.0]]),
        "b1": torch.tensor([0.5]),
        "W2": torch.tensor([[2.0]]),
        "b2": torch.tensor([0.25]),
    },
    {
        "W1": torch.tensor([[-0.5]]),
        "b1": torch.tensor([-1.0]),
        "W2": torch.tensor([[0.5]]),
        "b2": torch.tensor([-0.75]),
    },
    torch.tensor([[0.5]]),
    torch.tensor([[-0.5]]),
)
some_alphas = st.lists(st.integers(-4, 12).map(lambda eighths: eighths / 8), min_size=1, max_size=4)


@st.composite
def _calls(draw: st.DrawFn) -> Call:
    params_a, params_b = draw(pairs())
    return params_a, params_b, *draw(samples(params_a))


def _size(call: Call, alphas: list[float]) -> float:
    """Return the natural size of a squared error on the way."""
    params_a, params_b, _, Y = call
    farthest = max(abs(alpha) + abs(1 - alpha) for alpha in [*alphas, 0.5])
    return farthest**2 * max(error_size(params, Y) for params in (params_a, params_b)) ** 2


@examples(10)
@given(call=_calls())
@example(call=SMALL)
@example(call=CALL)
def test_ends(line_profile: StudentFunction, call: Call) -> None:
    """At alpha = 0 the loss is that of params_a, and at alpha = 1 that of params_b.

    The straight line through two networks begins at the first and comes to the second.
    """
    params_a, params_b, X, Y = call
    expected = [loss_of(params_a, X, Y), loss_of(params_b, X, Y)]
    says = "At alpha = 0 and alpha = 1 the losses are not those of params_a and params_b."
    assert_close(line_profile(*call, [0.0, 1.0]), expected, scale=_size(call, [0.0, 1.0]), says=says)


@examples(10)
@given(call=_calls(), alphas=some_alphas)
@example(call=SMALL, alphas=[0.5])
@example(call=CALL, alphas=[0.75, 0.25])
@example(call=CALL, alphas=[0.125, 1.5, -0.5])
def test_mixtures(line_profile: StudentFunction, call: Call, alphas: list[float]) -> None:
    """Each loss is that of one network, whose four parameters are mixed from those of the two.

    The mixture is (1 - alpha) times params_a plus alpha times params_b, also beyond the two ends, and its loss is the
    mean over all samples and outputs. Computed in float64.
    """
    params_a, params_b, X, Y = call
    expected = [loss_of(between(params_a, params_b, alpha), X, Y) for alpha in alphas]
    says = "A loss is not that of the network with the mixed parameters."
    assert_close(line_profile(*call, alphas), expected, scale=_size(call, alphas), says=says)


@examples(10)
@given(call=_calls(), alphas=some_alphas)
@example(call=CALL, alphas=ALPHAS)
def test_no_way_to_go(line_profile: StudentFunction, call: Call, alphas: list[float]) -> None:
    """Between a network and itself the loss does not change.

    All mixtures of a number with itself are this number, since 1 - alpha and alpha add up to 1.
    """
    params, _, X, Y = call
    expected = [loss_of(params, X, Y)] * len(alphas)
    same = (params, params, X, Y)
    says = "With params_a as both ends, the losses are not all the same."
    assert_close(line_profile(*same, alphas), expected, scale=_size(same, alphas), says=says)


@examples(10)
@given(call=_calls(), alphas=some_alphas)
@example(call=SMALL, alphas=[0.25])
@example(call=CALL, alphas=ALPHAS)
def test_from_the_other_end(line_profile: StudentFunction, call: Call, alphas: list[float]) -> None:
    """From the other end the same networks are met: alpha from a to b is 1 - alpha from b to a.

    A straight line has no direction.
    """
    params_a, params_b, X, Y = call
    there = line_profile(*call, alphas)
    back = line_profile(params_b, params_a, X, Y, [1 - alpha for alpha in alphas])
    says = "The losses at alpha from a to b are not those at 1 - alpha from b to a."
    assert_close(back, there, scale=_size(call, alphas), says=says)


@examples(10)
@given(call=_calls(), alphas=some_alphas)
@example(call=SMALL, alphas=[0.5])
@example(call=CALL, alphas=ALPHAS)
def test_output_layers_only(line_profile: StudentFunction, call: Call, alphas: list[float]) -> None:
    """If only the output layers differ, the losses lie on a parabola, and there is no wall.

    With the hidden layer the same, the network is a linear regression on the outputs of its units. Then the loss is
    below the straight line between the ends, by alpha (1 - alpha) times the mean squared difference of the outputs.
    """
    params_a, params_b, X, Y = call
    other = {**params_a, "W2": params_b["W2"], "b2": params_b["b2"]}
    ends = loss_of(params_a, X, Y), loss_of(other, X, Y)
    apart = ((outputs_of(params_a, X) - outputs_of(other, X)) ** 2).mean().item()
    expected = [(1 - alpha) * ends[0] + alpha * ends[1] - alpha * (1 - alpha) * apart for alpha in alphas]
    losses = line_profile(params_a, other, X, Y, alphas)
    size = 4 * _size((params_a, other, X, Y), alphas)
    says = "Between two networks with the same hidden layer, the losses do not lie on a parabola."
    assert_close(losses, expected, scale=size, says=says)


@examples(4)
@given(order=st.permutations(range(4)).map(list))
@example(order=[1, 2, 3, 0])
@example(order=[3, 2, 1, 0])
def test_wall(line_profile: StudentFunction, order: list[int]) -> None:
    """Between a trained network and itself with its units in another order stands a wall.

    Both ends are the same function, with the loss 0.0005 on a wave. Halfway between them every moved unit is the mean
    of two different units, and the network there has never been trained.
    """
    copy = reordered(TRAINED, order)
    expected = [loss_of(between(TRAINED, copy, alpha), WAVE, WAVE_TARGETS) for alpha in ALPHAS]
    losses = line_profile(TRAINED, copy, WAVE, WAVE_TARGETS, ALPHAS)
    says = f"Halfway to the copy with the order {order}, the loss should be {expected[2]:.3g}."
    size = _size((TRAINED, copy, WAVE, WAVE_TARGETS), ALPHAS)
    assert_close(losses, expected, tolerance=1e-6, scale=size, says=says)


@predict(
    answer="Far above: there is a wall between them",
    because="Halfway, each parameter is the mean of two that belong to different units. The mean of two good networks"
    " is a network that has never been trained.",
    otherwise={
        "0.0005: it is the same network all the way": "The two ends are the same function, but the networks between"
        " them are not. Only the parameters are mixed, not the outputs.",
        "Below 0.0005: the mean of two good networks is better": "That holds for the mean of two outputs. The mean of"
        " the parameters of two networks is another network.",
        "Between 0.0005 and twice that": "A parabola would stay below the straight line between its ends. The loss of"
        " a network is not a parabola in all its parameters together.",
    },
)
def halfway_to_the_copy(line_profile: Callable[..., list[float]]) -> dict[str, list[float]]:
    """A network has learned a wave: its loss is 0.0005. You copy it with its four hidden units in another order.

    The copy says the same everywhere. Where is the loss of the network halfway between the two?
    """
    alphas = [step / 20 for step in range(21)]
    losses = line_profile(TRAINED, reordered(TRAINED, [1, 2, 3, 0]), WAVE, WAVE_TARGETS, alphas)
    assert losses[0] < 0.001
    assert losses[-1] < 0.001
    assert losses[10] > 100 * losses[0]
    return {"alpha": alphas, "loss": losses}


# Right answers in other styles


@variant
def module(params_a: Params, params_b: Params, X: Tensor, Y: Tensor, alphas: list[float]) -> list[Tensor]:
    """nn.Sequential with weights from torch.lerp, and nn.functional.mse_loss."""
    (d, h), o = params_a["W1"].shape, len(params_a["b2"])
    net = torch.nn.Sequential(torch.nn.Linear(d, h), torch.nn.Tanh(), torch.nn.Linear(h, o))
    losses = []
    for alpha in alphas:
        mixed = {key: torch.lerp(params_a[key], params_b[key], alpha) for key in KEYS}
        state = {
            "0.weight": mixed["W1"].T,
            "0.bias": mixed["b1"],
            "2.weight": mixed["W2"].T,
            "2.bias": mixed["b2"],
        }
        net.load_state_dict(state)
        losses.append(torch.nn.functional.mse_loss(net(X), Y).detach())
    return losses


@variant
def all_at_once(params_a: Params, params_b: Params, X: Tensor, Y: Tensor, alphas: list[float]) -> Tensor:
    """Every mixture at once, in a batch of matrix products; the result is a tensor."""
    at = torch.tensor(alphas)[:, None, None]
    W1, b1, W2, b2 = (params_a[key] + at * (params_b[key] - params_a[key]) for key in KEYS)
    outputs = torch.tanh(X @ W1 + b1) @ W2 + b2
    return (outputs - Y).square().mean(dim=(1, 2))


@variant
def numpy(params_a: Params, params_b: Params, X: Tensor, Y: Tensor, alphas: list[float]) -> list[float]:
    """NumPy inside, in float64."""
    first, second = ({key: net[key].numpy().astype(np.float64) for key in KEYS} for net in (params_a, params_b))
    losses = []
    for alpha in alphas:
        W1, b1, W2, b2 = (first[key] * (1 - alpha) + second[key] * alpha for key in KEYS)
        losses.append(float(np.mean((np.tanh(X.numpy() @ W1 + b1) @ W2 + b2 - Y.numpy()) ** 2)))
    return losses


@variant
def float32(params_a: Params, params_b: Params, X: Tensor, Y: Tensor, alphas: list[float]) -> list[float]:
    """float32 throughout, with copies that are changed in place."""
    losses = torch.zeros(len(alphas))
    for place, alpha in enumerate(alphas):
        mixed = {key: part.float().clone() for key, part in params_a.items()}
        for key, part in mixed.items():
            part.mul_(1 - alpha).add_(params_b[key].float(), alpha=alpha)
        h = torch.addmm(mixed["b1"], X, mixed["W1"]).tanh_()
        errors = torch.addmm(mixed["b2"], h, mixed["W2"]).sub_(Y)
        losses[place] = errors.pow(2).sum() / errors.numel()
    return [loss.item() for loss in losses]


@variant
def vector(params_a: Params, params_b: Params, X: Tensor, Y: Tensor, alphas: list[float]) -> list[float]:
    """All parameters in one long vector, as `parameters_to_vector` makes it."""
    start, end = (torch.cat([net[key].flatten() for key in KEYS]).double() for net in (params_a, params_b))
    sizes = [params_a[key].numel() for key in KEYS]
    losses = []
    for alpha in alphas:
        parts = (start + alpha * (end - start)).split(sizes)
        mixed = {key: part.reshape(params_a[key].shape) for key, part in zip(KEYS, parts, strict=True)}
        losses.append(loss_of(mixed, X, Y))
    return losses
