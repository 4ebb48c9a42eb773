"""fine_tune must train what is trainable, leave the rest as it is, and return the best that it has seen."""

import math
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import PARAM32, StudentFunction, assert_close, examples, largest, predict, variant

Params = dict[str, Tensor]
Config = dict[str, Any]
Task = tuple[Params, Tensor, Tensor]
"""params, X and Y."""
KEYS = ("W1", "b1", "W2", "b2")

# One input, one unit, one output, four rows: the last one is for validation.
SMALL: Task = (
    {"W1": torch.tensor([[0.5]]), "b1": torch.tensor([0.25]), "W2": torch.tensor([[1.0]]), "b2": torch.tensor([-0.5])},
    torch.tensor([[1.0], [-0.5], [2.0], [0.5]]),
    torch.tensor([[1.5], [0.5], [1.0], [-0.5]]),
)
# N, D, H and O all differ, and nine rows are seven and two.
FULL: Task = (
    {
        "W1": torch.tensor([[0.5, -0.25, 0.75, 0.25], [0.25, 1.0, -0.625, -0.5], [-0.75, 0.5, 0.25, 1.0]]),
        "b1": torch.tensor([0.25, -0.5, 0.375, 0.125]),
        "W2": torch.tensor([[1.0, -1.5], [-0.75, 0.25], [0.5, 1.25], [-1.0, 0.5]]),
        "b2": torch.tensor([0.5, -1.0]),
    },
    torch.tensor(
        [
            [1.0, -1.5, 0.25, 0.75, 0.5, 1.5, -0.5, 0.25, -1.0],
            [0.5, 0.25, -1.0, 2.0, -0.75, 0.75, 1.25, 0.5, -0.5],
            [-0.5, 1.0, 0.75, -1.0, 0.25, 1.0, -1.5, 1.5, 0.5],
        ]
    ).T.clone(),
    torch.tensor(
        [1.0, -0.5, 0.5, 1.5, -2.0, 0.75, 1.5, 1.0, 0.25, -1.0, -0.75, 2.0, 1.25, 0.25, -0.5, 1.0, 0.5, -1.5]
    ).reshape(9, 2),
)
# Training pulls the outputs up, and validation wants them low: its loss soon rises.
APART: Task = (
    {
        "W1": torch.tensor([[1.5, -0.5, 0.75]]),
        "b1": torch.tensor([0.25, 0.5, -1.0]),
        "W2": torch.tensor([[0.5], [-1.0], [1.5]]),
        "b2": torch.tensor([0.25]),
    },
    torch.tensor([[-2.0], [-0.5], [1.0], [1.75], [0.5], [-1.0], [0.25], [1.25]]),
    torch.tensor([[1.0], [1.5], [2.0], [2.25], [1.75], [2.5], [-1.0], [1.5]]),
)
LAST = ["W2", "b2"]
PLAIN: Config = {"lr": 0.25, "steps": 1, "warmup": 0, "weight_decay": 0.0, "max_norm": 100.0, "patience": 9}
FIVE: Config = {**PLAIN, "steps": 5, "warmup": 2, "weight_decay": 0.5, "max_norm": 0.5}
CLIPPED: Config = {**PLAIN, "steps": 4, "max_norm": 0.5}
# Validation gets worse and then a little better, but not as good as it was.
BUMP: Config = {**PLAIN, "steps": 5, "weight_decay": 0.5, "max_norm": 0.5}
LONG: Config = {**PLAIN, "steps": 6, "weight_decay": 0.25}

tasks = st.sampled_from([SMALL, FULL, APART])
subsets = st.sampled_from([["b2"], ["W2", "b2"], ["W1"], ["b1", "W2"], ["b2", "W1", "b1"], ["W1", "b1", "W2", "b2"]])


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Draw the settings of a short training that nothing stops."""
    steps = draw(st.integers(1, 5))
    return {
        "lr": draw(st.sampled_from([0.0625, 0.25])),
        "steps": steps,
        "warmup": min(draw(st.integers(0, 2)), steps - 1),
        "weight_decay": draw(st.sampled_from([0.0, 0.5])),
        "max_norm": draw(st.sampled_from([0.5, 100.0])),
        "patience": 9,
    }


def _losses(params: Params, X: Tensor, Y: Tensor) -> tuple[Tensor, float]:
    """Return the training loss with its graph, and the validation loss, in float64."""
    rows = len(X) - len(X) // 4
    said = torch.tanh(X.double() @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    errors = (said - Y.double()) ** 2
    return errors[:rows].mean(), float(errors[rows:].detach().mean())


def _run(task: Task, trainable: list[str], config: Config) -> dict[str, Any]:
    """Return what `fine_tune` should, in float64; "path" has the parameters of every record."""
    params = {key: part.double() for key, part in task[0].items()}
    m, v = ({key: torch.zeros_like(part) for key, part in params.items()} for _ in range(2))
    path, train, val, best = [], [], [], 0
    for t in range(config["steps"] + 1):
        leaves = {key: part.clone().requires_grad_(key in trainable) for key, part in params.items()}
        loss, held = _losses(leaves, *task[1:])
        path.append(params)
        train.append(loss.item())
        val.append(held)
        best = t if held < val[best] else best
        if t == config["steps"] or t - best == config["patience"]:
            break
        if not trainable:
            continue
        loss.backward()
        grads = {key: leaves[key].grad for key in trainable}
        norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads.values() if grad is not None))
        warmup, total = config["warmup"], config["steps"]
        share = (t + 1) / (warmup + 1) if t < warmup else (1 + math.cos(math.pi * (t - warmup) / (total - warmup))) / 2
        lr = config["lr"] * share
        params = dict(params)
        for key, grad in grads.items():
            assert grad is not None
            short = grad * min(1.0, config["max_norm"] / norm)
            m[key] = 0.9 * m[key] + 0.1 * short
            v[key] = 0.999 * v[key] + 0.001 * short**2
            decayed = params[key] * (1 - lr * config["weight_decay"] * (key in {"W1", "W2"}))
            step = m[key] / (1 - 0.9 ** (t + 1)) / ((v[key] / (1 - 0.999 ** (t + 1))).sqrt() + 1e-8)
            params[key] = decayed - lr * step
    return {"params": path[best], "train_losses": train, "val_losses": val, "best_step": best, "path": path}


def _size(run: dict[str, Any]) -> float:
    """Return the natural size of a loss."""
    return 1 + float(max(*run["train_losses"], *run["val_losses"]))


@examples(5)
@given(task=tasks, trainable=subsets, config=configs())
@example(task=SMALL, trainable=["b2"], config=PLAIN)
@example(task=SMALL, trainable=["W2"], config={**PLAIN, "weight_decay": 0.5})
@example(task=SMALL, trainable=LAST, config={**CLIPPED, "steps": 2})
@example(task=FULL, trainable=LAST, config=CLIPPED)
@example(task=FULL, trainable=list(KEYS), config=FIVE)
@example(task=APART, trainable=["W1", "b1"], config={**FIVE, "warmup": 3})
@example(task=SMALL, trainable=["b2"], config={**PLAIN, "steps": 0})
def test_train_losses(fine_tune: StudentFunction, task: Task, trainable: list[str], config: Config) -> None:
    """The training losses are those of the first rows, before the first step and after each one.

    The expected ones come from a run by hand in float64, with clipping, schedule and AdamW as the docstring says.
    """
    run = _run(task, trainable, config)
    losses = fine_tune(*task[:1], trainable, *task[1:], config)["train_losses"]
    says = "The training losses are not those of a run by hand."
    if len(losses) != len(run["train_losses"]):
        says = f"There are {len(losses)} training losses, expected {len(run['train_losses'])}."
    assert_close(losses, run["train_losses"], tolerance=PARAM32, scale=_size(run), says=says)


@examples(5)
@given(task=tasks, trainable=subsets, config=configs())
@example(task=SMALL, trainable=["b2"], config=PLAIN)
@example(task=FULL, trainable=LAST, config=FIVE)
@example(task=APART, trainable=["W1"], config=LONG)
@example(task=SMALL, trainable=[], config=FIVE)
def test_frozen(fine_tune: StudentFunction, task: Task, trainable: list[str], config: Config) -> None:
    """Frozen parameters keep every bit, weight decay included, and with an empty `trainable` nothing moves at all.

    What is frozen was paid for in pretraining: it is what fine-tuning builds on.
    """
    found = fine_tune(*task[:1], trainable, *task[1:], config)["params"]
    for key in KEYS:
        if key not in trainable:
            says = f'"{key}" is frozen, only {trainable} may change, and it has other values than before.'
            assert_close(found[key], task[0][key].double(), tolerance=0, says=says)


@examples(5)
@given(task=tasks, trainable=subsets, config=configs(), patience=st.sampled_from([1, 2, 3]))
@example(task=APART, trainable=list(KEYS), config=LONG, patience=2)
@example(task=APART, trainable=LAST, config=LONG, patience=1)
@example(task=FULL, trainable=["W1"], config=BUMP, patience=3)
@example(task=FULL, trainable=LAST, config=FIVE, patience=2)
@example(task=SMALL, trainable=[], config=FIVE, patience=3)
def test_stop(fine_tune: StudentFunction, task: Task, trainable: list[str], config: Config, patience: int) -> None:
    """The validation losses are those of the last N // 4 rows, up to the record that uses up the patience.

    `patience` records in a row that are not below the lowest one before them end the training.
    """
    config = {**config, "patience": patience}
    run = _run(task, trainable, config)
    losses = fine_tune(*task[:1], trainable, *task[1:], config)["val_losses"]
    says = "The validation losses are not those of a run by hand."
    if len(losses) != len(run["val_losses"]):
        says = f"With patience {config['patience']} there are {len(losses)} records, expected {len(run['val_losses'])}."
    assert_close(losses, run["val_losses"], tolerance=PARAM32, scale=_size(run), says=says)


@examples(5)
@given(task=tasks, trainable=subsets, config=configs())
@example(task=SMALL, trainable=["b2"], config=PLAIN)
@example(task=APART, trainable=list(KEYS), config=LONG)
@example(task=APART, trainable=list(KEYS), config={**PLAIN, "steps": 5})
@example(task=FULL, trainable=["W1"], config=BUMP)
@example(task=FULL, trainable=list(KEYS), config=FIVE)
def test_best(fine_tune: StudentFunction, task: Task, trainable: list[str], config: Config) -> None:
    """The returned parameters are the best ones: their validation loss is the lowest of all, that of `best_step`.

    The loss is computed once more, from the parameters in the result.
    """
    found = fine_tune(*task[:1], trainable, *task[1:], config)
    losses, size = [float(loss) for loss in found["val_losses"]], _size(_run(task, trainable, config))
    assert_close(
        int(found["best_step"]), losses.index(min(losses)), tolerance=0, says=f"The lowest of {losses} is another."
    )
    _, held = _losses({key: part.double() for key, part in found["params"].items()}, *task[1:])
    lowest = f"the lowest one recorded is {min(losses):.6g}"
    says = f"The returned parameters have the validation loss {held:.6g}, and {lowest}."
    assert_close(held, min(losses), scale=size, says=says)


@examples(5)
@given(task=tasks, trainable=subsets, config=configs())
@example(task=SMALL, trainable=LAST, config=PLAIN)
@example(task=APART, trainable=LAST, config=LONG)
@example(task=FULL, trainable=["b1", "W2"], config=FIVE)
def test_parameters(fine_tune: StudentFunction, task: Task, trainable: list[str], config: Config) -> None:
    """Each trainable parameter is where the run by hand has it, at its best record.

    The losses alone would not show it: many parameters have the same loss.
    """
    run = _run(task, trainable, config)
    found = fine_tune(*task[:1], trainable, *task[1:], config)["params"]
    scale = 1 + max(largest(part) for params in run["path"] for part in params.values())
    for key in trainable:
        says = f'"{key}" is not where the run by hand has it after {run["best_step"]} steps.'
        assert_close(found[key], run["params"][key], tolerance=PARAM32, scale=scale, says=says)


@examples(5)
@given(task=tasks, trainable=subsets, config=configs(), shift=st.sampled_from([-1.0, 2.0]))
@example(task=SMALL, trainable=LAST, config=CLIPPED, shift=2.0)
@example(task=FULL, trainable=LAST, config=FIVE, shift=-1.0)
def test_validation_only_watches(
    fine_tune: StudentFunction, task: Task, trainable: list[str], config: Config, shift: float
) -> None:
    """Other validation targets change no training loss: validation decides when to stop, and what to return.

    What decides about steps is training data, and can no longer tell how the model does on new rows.
    """
    params, X, Y = task
    other = Y.clone()
    other[len(X) - len(X) // 4 :] += shift
    losses = fine_tune(params, trainable, X, Y, config)["train_losses"]
    changed = fine_tune(params, trainable, X, other, config)["train_losses"]
    says = "Only the targets of the last N // 4 rows are changed, and the training losses differ."
    size = _size(_run(task, trainable, config))
    assert_close(changed, [float(loss) for loss in losses], scale=size, says=says)


@predict(
    answer="The last layer alone",
    because="A wave that is stretched and lifted is a linear function of the old wave, and the last layer is linear: it"
    " can learn exactly this, and nothing in the left half is unlearned.",
    otherwise={
        "All layers": "With all layers five points can also be met by bends that are right at these points alone.",
        "All layers, from new random numbers": "Nothing tells such a network what happens where there are no points.",
        "All three are equally good": "At the five points they nearly are. The question is about all of the axis.",
    },
)
def stretched_wave(fine_tune: Callable[..., dict[str, Any]]) -> dict[str, list[float]]:
    """A network has learned sin(x) from -3 to 3. Then it gets five points of 1.5 sin(x) + 0.5, all with x from 0 to 3.

    What gives the lowest error on the whole axis: to train all layers, the last layer alone, or a new network?
    """
    generator = torch.Generator().manual_seed(0)
    first, bias, last = 2 * torch.rand(3, 16, generator=generator) - 1
    start = {"W1": first[None], "b1": bias, "W2": last[:, None] / 4, "b2": torch.zeros(1)}
    x = torch.linspace(-3, 3, 60)[torch.randperm(60, generator=generator)][:, None]
    settings = {"lr": 0.05, "steps": 600, "warmup": 20, "weight_decay": 0.0, "max_norm": 1.0, "patience": 600}
    old = fine_tune(start, list(KEYS), x, x.sin(), settings)["params"]
    few = torch.tensor([[0.0], [0.75], [1.5], [2.25], [3.0], [1.0]])
    settings |= {"steps": 200, "patience": 200}
    wide = torch.linspace(-3, 3, 61)[:, None]
    errors = {}
    for name, begin, names in (("all", old, KEYS), ("last", old, LAST), ("scratch", start, KEYS)):
        net = fine_tune(begin, list(names), few, 1.5 * few.sin() + 0.5, settings)["params"]
        said = torch.tanh(wide @ net["W1"] + net["b1"]) @ net["W2"] + net["b2"]
        errors[name] = ((said - 1.5 * wide.sin() - 0.5) ** 2).mean().item()
        if name == "last":
            drawn = said
    assert errors["last"] < 0.8 * errors["all"]
    assert errors["all"] < 0.8 * errors["scratch"]
    return {"x": wide[:, 0].tolist(), "network with a new last layer": drawn[:, 0].tolist()}


# Right answers in other styles


@variant
def optimizer(
    params: dict[str, Tensor], trainable: list[str], X: Tensor, Y: Tensor, config: dict[str, Any]
) -> dict[str, Any]:
    """torch.optim.AdamW with two groups, clip_grad_norm_, and copies of the best."""
    leaves = {name: torch.nn.Parameter(part.clone(), requires_grad=name in trainable) for name, part in params.items()}
    groups = [
        {"params": [part for name, part in leaves.items() if name[0] == "W"], "weight_decay": config["weight_decay"]},
        {"params": [part for name, part in leaves.items() if name[0] == "b"], "weight_decay": 0.0},
    ]
    adamw = torch.optim.AdamW(groups, lr=config["lr"])
    held = len(X) // 4
    train, val, waited, best, best_step = [], [], 0, None, 0
    for t in range(config["steps"] + 1):
        said = torch.tanh(X @ leaves["W1"] + leaves["b1"]) @ leaves["W2"] + leaves["b2"]
        loss = torch.nn.functional.mse_loss(said[:-held], Y[:-held])
        train.append(loss.item())
        val.append(torch.nn.functional.mse_loss(said[-held:], Y[-held:]).item())
        if best is None or val[-1] < val[best_step]:
            best, best_step, waited = {name: part.detach().clone() for name, part in leaves.items()}, t, 0
        else:
            waited += 1
        if waited >= config["patience"]:
            break
        if t < config["steps"] and trainable:
            adamw.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([leaves[name] for name in trainable], config["max_norm"])
            for group in adamw.param_groups:
                group["lr"] = _rate(t, config)
            adamw.step()
    return {"params": best, "train_losses": train, "val_losses": val, "best_step": best_step}


def _rate(t: int, config: dict[str, Any]) -> float:
    warmup, total = config["warmup"], config["steps"]
    if t < warmup:
        return float(config["lr"] * (t + 1) / (warmup + 1))
    return float(config["lr"] * (0.5 + 0.5 * math.cos(math.pi * (t - warmup) / (total - warmup))))


@variant
def double_by_hand(
    params: dict[str, Tensor], trainable: list[str], X: Tensor, Y: Tensor, config: dict[str, Any]
) -> dict[str, Any]:
    """The whole run in float64, rounded at its end."""
    run = _run((params, X, Y), trainable, config)
    best = {key: part.float() if key in trainable else params[key].clone() for key, part in run["params"].items()}
    return {
        "params": best,
        "train_losses": run["train_losses"],
        "val_losses": run["val_losses"],
        "best_step": run["best_step"],
    }


@variant
def masks(
    params: dict[str, Tensor], trainable: list[str], X: Tensor, Y: Tensor, config: dict[str, Any]
) -> dict[str, Any]:
    """Gradients of all four by hand, times 1 or 0, in place; losses in tensors, and all copies kept to the end."""
    p = {key: part.clone() for key, part in params.items()}
    mask = {key: float(key in trainable) for key in KEYS}
    m, v = ({key: torch.zeros_like(part) for key, part in p.items()} for _ in range(2))
    cut, copies, train, val = len(X) - len(X) // 4, [], [], []
    for t in range(config["steps"] + 1):
        h = torch.tanh(X @ p["W1"] + p["b1"])
        error = h @ p["W2"] + p["b2"] - Y
        copies.append({key: part.clone() for key, part in p.items()})
        train.append(error[:cut].square().mean())
        val.append(error[cut:].square().mean())
        lowest = int(torch.stack(val).argmin())
        if t - lowest == config["patience"] or t == config["steps"]:
            break
        back = 2 * error[:cut] / error[:cut].numel()
        into = (back @ p["W2"].T) * (1 - h[:cut] ** 2)
        grads = {"W1": X[:cut].T @ into, "b1": into.sum(0), "W2": h[:cut].T @ back, "b2": back.sum(0)}
        grads = {key: mask[key] * grad for key, grad in grads.items()}
        norm = torch.cat([grad.flatten() for grad in grads.values()]).norm()
        lr = _rate(t, config)
        for key, grad in grads.items():
            short = grad * torch.clamp(config["max_norm"] / (norm + 1e-6), max=1.0)
            m[key].mul_(0.9).add_(short, alpha=0.1)
            v[key].mul_(0.999).addcmul_(short, short, value=0.001)
            if mask[key]:
                p[key] *= 1 - lr * config["weight_decay"] * (key[0] == "W")
                p[key] -= lr * (m[key] / (1 - 0.9 ** (t + 1))) / ((v[key] / (1 - 0.999 ** (t + 1))).sqrt() + 1e-8)
    return {
        "params": copies[lowest],
        "train_losses": torch.stack(train),
        "val_losses": torch.stack(val),
        "best_step": lowest,
    }
