"""overfit_one_batch must repeat one batch until it is learned, or report that it is not, and which parameters slept."""

import math
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import CheckFailed, StudentFunction, driver, examples, predict, variant

Result = dict[str, Any]
Step = Callable[[Tensor, Tensor], float]

NAMES = ["0.weight", "0.bias", "2.weight", "2.bias"]
X, Y = torch.tensor([[1.0, 0.5], [-1.0, 2.0], [0.5, -1.5]]), torch.tensor([[1.0], [-0.5], [2.0]])


def _scripted(
    overfit_one_batch: StudentFunction, losses: list[float], moved: list[str], steps: int, goal: float
) -> Result:
    """Return what the student's function finds for a step that returns these losses and moves these parameters."""
    found: Result = overfit_one_batch.drive("with_script", losses, moved, steps, goal)
    return found


def _differs(found: Result, key: str, wanted: object, story: str) -> None:
    returned = sorted(found[key]) if key == "frozen" else found[key]
    if returned != (sorted(wanted) if isinstance(wanted, list) and key == "frozen" else wanted):
        raise CheckFailed(f'{story} "{key}" is {found[key]!r}, expected {wanted!r}.', found[key], wanted)


@examples(12)
@given(wrong=st.lists(st.sampled_from([0.75, 1.0, 2.0, 8.0]), max_size=4), goal=st.sampled_from([0.5, 0.25]))
@example(wrong=[], goal=0.5)
@example(wrong=[2.0, 1.0], goal=0.5)
def test_passed(overfit_one_batch: StudentFunction, wrong: list[float], goal: float) -> None:
    """It stops at the first loss that is at most the goal, and the verdict is "passed".

    A loss that is exactly the goal has reached it, also in the last step that is allowed.
    """
    for steps in (len(wrong) + 1, len(wrong) + 4):
        script = [*wrong, goal, 0.125, 4.0, 4.0, 4.0]
        found = _scripted(overfit_one_batch, script, NAMES, steps, goal)
        story = f"The step returns {script[: len(wrong) + 2]}, the goal is {goal} and steps = {steps}."
        _differs(found, "verdict", "passed", story)
        _differs(found, "losses", [*wrong, goal], story)
        _differs(found, "calls", len(wrong) + 1, f"{story} The step is called {found['calls']} times.")


@examples(12)
@given(losses=st.lists(st.sampled_from([0.75, 1.0, 2.0, 8.0]), min_size=1, max_size=5))
@example(losses=[1.0])
@example(losses=[1.0, 0.75, 2.0])
def test_stuck(overfit_one_batch: StudentFunction, losses: list[float]) -> None:
    """Without a loss that is low enough, the step is called exactly `steps` times, and the verdict is "stuck"."""
    found = _scripted(overfit_one_batch, [*losses, 0.125], NAMES, len(losses), 0.5)
    story = f"The step returns {losses}, the goal is 0.5 and steps = {len(losses)}."
    _differs(found, "verdict", "stuck", story)
    _differs(found, "losses", losses, story)
    _differs(found, "calls", len(losses), f"{story} The step is called {found['calls']} times.")


@examples(8)
@given(before=st.lists(st.sampled_from([1.0, 2.0]), max_size=3), bad=st.sampled_from([math.nan, math.inf]))
@example(before=[], bad=math.nan)
@example(before=[1.0], bad=math.inf)
@example(before=[2.0], bad=-math.inf)
def test_not_finite_loss(overfit_one_batch: StudentFunction, before: list[float], bad: float) -> None:
    """It stops at the first loss that is NaN or infinite, and the verdict is "nan".

    After a NaN, all later losses are NaN as well, and a comparison with the goal would never say so.
    """
    for steps in (len(before) + 1, len(before) + 3):
        found = _scripted(overfit_one_batch, [*before, bad, 1.0, 0.0, 0.0], NAMES, steps, 0.5)
        story = f"The step returns {[*before, bad]}, and then 1.0, and the goal is 0.5."
        _differs(found, "verdict", "nan", story)
        if len(found["losses"]) != len(before) + 1:
            says = f'{story} "losses" has {len(found["losses"])} entries, expected {len(before) + 1}.'
            raise CheckFailed(says, found["losses"], [*before, bad])


@examples(10)
@given(moved=st.lists(st.sampled_from(NAMES), unique=True), verdict=st.sampled_from(["passed", "stuck"]))
@example(moved=NAMES, verdict="stuck")
@example(moved=["2.weight", "2.bias"], verdict="stuck")
@example(moved=["0.bias"], verdict="passed")
@example(moved=[], verdict="stuck")
def test_frozen(overfit_one_batch: StudentFunction, moved: list[str], verdict: str) -> None:
    """The list "frozen" has the parameters that have not moved at all, by the names in net.named_parameters().

    The step changes the parameters in place, so the values of before exist only if you copied them.
    """
    losses = [2.0, 1.0, 0.25 if verdict == "passed" else 0.75]
    found = _scripted(overfit_one_batch, losses, moved, 3, 0.5)
    story = f"The step moves {moved or 'no parameter'}."
    _differs(found, "frozen", [name for name in NAMES if name not in moved], story)
    _differs(found, "verdict", verdict, story)


def test_there_and_back(overfit_one_batch: StudentFunction) -> None:
    """A parameter that moves by very little has moved, and one that has a gradient and does not move is frozen.

    Only the values count: whether there is a gradient says nothing about whether the optimizer uses it.
    """
    found = overfit_one_batch.drive("with_small_moves", 3)
    _differs(found, "frozen", NAMES[2:], "The first layer moves by 1e-6 in all, the second one has gradients only.")


def test_same_batch(overfit_one_batch: StudentFunction) -> None:
    """Every call gets the batch as it came, and the network is left in the mode that it was in.

    A step that trains in evaluation mode, or on a changed batch, would not be the step that is tested.
    """
    for training in (True, False):
        found = overfit_one_batch.drive("with_record", X, Y, training, 3)
        if not found["same"]:
            raise CheckFailed("A call of the step did not get X and y as they came.", found["same"], wanted=True)
        mode = "training" if training else "evaluation"
        if found["modes"] != [training] * 4:
            raise CheckFailed(
                f"The network came in {mode} mode and was set to another.", found["modes"], [training] * 4
            )


BUGS = {
    "none": ("passed", []),
    "labels in another order each time": ("stuck", []),
    "the optimizer has a copy of the net": ("stuck", NAMES),
    "the optimizer has the last layer only": ("stuck", NAMES[:2]),
    "the first layer is detached": ("stuck", NAMES[:2]),
    "uphill": ("nan", []),
}


def test_real_steps(overfit_one_batch: StudentFunction) -> None:
    """With a small network, a step that works passes, and five broken ones are caught.

    Each bug is one line of an ordinary training step, and none of them raises an error.
    """
    for bug, (verdict, frozen) in BUGS.items():
        found = overfit_one_batch.drive("with_bug", bug)
        story = (
            "A training step that works is tested." if bug == "none" else f"A training step is tested in which: {bug}."
        )
        _differs(found, "verdict", verdict, story)
        _differs(found, "frozen", frozen, story)


@driver
def with_script(test: Callable[..., Result], losses: list[float], moved: list[str], steps: int, goal: float) -> Result:
    """Return what the test finds for a step with given losses, and how often it called the step."""
    net = _net()
    parts, calls = dict(net.named_parameters()), [0]

    def step(X: Tensor, y: Tensor) -> float:
        calls[0] += 1
        with torch.no_grad():
            for name in moved:
                parts[name].add_(0.5)
        return losses[calls[0] - 1] if calls[0] <= len(losses) else 1.0

    found = test(net, step, torch.ones(2, 2), torch.zeros(2, 1), steps, goal)
    return {**found, "calls": calls[0]}


@driver
def with_small_moves(test: Callable[..., Result], steps: int) -> Result:
    """Return what the test finds where one layer moves by little, and the other has gradients only."""
    net = _net()

    def step(X: Tensor, y: Tensor) -> float:
        for number, part in enumerate(net.parameters()):
            part.grad = torch.ones_like(part)
            if number < 2:
                part.data += 1e-6 / steps
        return 1.0

    return test(net, step, torch.ones(2, 2), torch.zeros(2, 1), steps, 0.5)


@driver
def with_record(test: Callable[..., Result], X: Tensor, y: Tensor, training: bool, steps: int) -> Result:
    """Return whether every call got the batch, and the mode of the network in each call and at the end."""
    net = _net().train(training)
    same, modes, first = [], [], (X.clone(), y.clone())

    def step(X: Tensor, y: Tensor) -> float:
        same.append(torch.equal(X, first[0]) and torch.equal(y, first[1]))
        modes.append(net.training)
        return 1.0

    test(net, step, X, y, steps, 0.5)
    return {"same": all(same), "modes": [*modes, net.training]}


def _net() -> nn.Sequential:
    """Return a network with weights that are the same every time, and not 0."""
    net = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
    with torch.no_grad():
        for number, part in enumerate(net.parameters()):
            part.copy_(torch.linspace(-1, 1, part.numel()).sub(0.1 * number).mul(7 * number + 11).sin().view_as(part))
    return net


@driver
def with_bug(test: Callable[..., Result], bug: str) -> Result:
    """Return what the test finds for a training step with a bug."""
    net, other, calls = _net(), _net(), [0]
    trained = {
        "the optimizer has a copy of the net": other,
        "the optimizer has the last layer only": net[2],
    }.get(bug, net)
    optimizer = torch.optim.SGD(trained.parameters(), lr=0.1, momentum=0.9, maximize=bug == "uphill")

    def step(X: Tensor, y: Tensor) -> float:
        calls[0] += 1
        if bug == "labels in another order each time":
            y = y.roll(calls[0], 0)
        h = net[1](net[0](X))
        if bug == "the first layer is detached":
            h = h.detach()
        loss: Tensor = ((net[2](h) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    X = torch.linspace(-2, 2, 16).mul(5).sin().view(8, 2)
    y = torch.linspace(-1, 1, 8).mul(7).cos().view(8, 1)
    return test(net, step, X, y, 80, 0.05)


@predict(
    answer="Nearly 0",
    because="A network with many more parameters than the batch has samples can learn it by heart, noise included."
    " If it does not, the training step has a bug: that is what makes the test useful.",
    otherwise={
        "About the noise in the targets": "That is as far as you get with many samples. A few can be learned by heart.",
        "About ln C": "That is where an untrained classifier begins.",
        "As low as the loss on the validation data": "The batch is learned by heart, which helps on no other data.",
    },
)
def batch_by_heart(overfit_one_batch: Callable[..., Result]) -> dict[str, Tensor]:
    """A network with 33 parameters is trained on the same 8 samples again and again. Their targets are pure noise.

    Where does the training loss go?
    """
    torch.manual_seed(0)
    net, X, y = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1)), torch.randn(8, 2), torch.randn(8, 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)

    def step(X: Tensor, y: Tensor) -> float:
        loss: Tensor = ((net(X) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    losses = overfit_one_batch(net, step, X, y, 400, 1e-3)["losses"]
    assert losses[-1] < 1e-3
    return {"step": torch.arange(float(len(losses))), "loss": torch.tensor(losses)}


# Right answers in other styles


@variant
def state_dict(net: nn.Module, step: Step, X: Tensor, y: Tensor, steps: int, goal: float) -> Result:
    """A deep copy of the parameters, and a while loop."""
    start = [part.tolist() for part in net.parameters()]
    losses: list[float] = []
    while len(losses) < steps and (not losses or (math.isfinite(losses[-1]) and losses[-1] > goal)):
        losses += [step(X, y)]
    last = losses[-1]
    verdict = "nan" if not math.isfinite(last) else "passed" if last <= goal else "stuck"
    pairs = zip(net.named_parameters(), start, strict=True)
    return {
        "frozen": [name for (name, part), old in pairs if part.tolist() == old],
        "losses": losses,
        "verdict": verdict,
    }


@variant
def tensors(net: nn.Module, step: Step, X: Tensor, y: Tensor, steps: int, goal: float) -> Result:
    """Tensors for the losses, differences for the parameters, and a return in the loop."""
    with torch.no_grad():
        old = torch.nn.utils.parameters_to_vector(net.parameters()).clone()

    def report(verdict: str) -> Result:
        new, frozen, place = torch.nn.utils.parameters_to_vector(net.parameters()), [], 0
        for name, part in net.named_parameters():
            if bool((new[place : place + part.numel()] == old[place : place + part.numel()]).all()):
                frozen.append(name)
            place += part.numel()
        return {"verdict": verdict, "losses": losses, "frozen": frozen}

    losses: list[float] = []
    for _ in range(steps):
        loss = torch.tensor(step(X, y), dtype=torch.float64)
        losses.append(loss.item())
        if loss.isnan() or loss.isinf():
            return report("nan")
        if loss <= goal:
            return report("passed")
    return report("stuck")


@variant
def with_for_else(net: nn.Module, step: Step, X: Tensor, y: Tensor, steps: int, goal: float) -> Result:
    """A loop with an else, and a state_dict that is copied in depth."""
    import copy

    before, losses, verdict = copy.deepcopy(net.state_dict()), [], ""
    for _ in range(steps):
        loss = float(step(X, y))
        losses.append(loss)
        if not abs(loss) < math.inf:
            verdict = "nan"
            break
        if loss <= goal:
            verdict = "passed"
            break
    else:
        verdict = "stuck"
    now = dict(net.named_parameters())
    return {"verdict": verdict, "losses": losses, "frozen": [n for n in now if (now[n] != before[n]).sum() == 0]}
