"""ResumableTraining must save everything that its next steps depend on, and go on from there bit for bit."""

import copy
import math
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import PARAM32, CheckFailed, StudentFunction, assert_close, examples, keeps, predict, variant

TRAINED = "training = ResumableTraining(seed)\nfor _ in range(before):\n    done = training.step()\n"
SAVED = f"{TRAINED}state = training.state_dict()\n"
RESUMED = "resumed = ResumableTraining(seed + 1)\nresumed.load_state_dict(state)\n"
ON = "[training.step() for _ in range(after)]"
AGAIN = "[resumed.step() for _ in range(after)]"

seeds, some_before, some_after = st.integers(0, 20), st.integers(0, 7), st.integers(1, 7)


def _losses(seed: int, steps: int) -> list[float]:
    """Return the losses of the given training, as the lesson defines it."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.linspace(-2, 2, 10)[:, None]
    Y = torch.sin(2 * X)
    parts = [torch.zeros(size) for size in ((4, 1), (4,), (1, 4), (1,))]
    for part in parts:
        part.normal_(generator=generator).requires_grad_()
    optimizer = torch.optim.AdamW(parts, lr=0.1)
    left: list[int] = []
    losses = []
    for number in range(steps):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 + math.cos(math.pi * number / 20))
        left = left or torch.randperm(10, generator=generator).tolist()
        batch, left = left[:4], left[4:]
        inputs = X[batch] + 0.1 * torch.randn(len(batch), 1, generator=generator)
        W1, b1, W2, b2 = parts
        loss = (torch.tanh(inputs @ W1.T + b1) @ W2.T + b2 - Y[batch]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _same(found: list[float], expected: list[float], says: str) -> None:
    """Require the same losses, bit by bit."""
    for number, (one, other) in enumerate(zip(found, expected, strict=True), 1):
        if one != other:
            raise CheckFailed(f"{says} The losses differ from step {number} after it on.", found, expected)


def _values(seed: int, before: int, after: int) -> dict[str, Any]:
    return {"seed": seed, "before": before, "after": after}


@keeps("It says that the given part was changed, and that nothing else can be judged before it is as it was.")
@examples(3)
@given(seed=seeds)
@example(seed=0)
def test_training_as_given(ResumableTraining: StudentFunction, seed: int) -> None:
    """The training itself is the given one: its first eight losses are those that it has without any checkpoint."""
    found = ResumableTraining.run(f"{TRAINED}{ON}", **_values(seed, 0, 8))
    says = "These are not the losses of the given training: leave `_Training` as it is."
    assert_close(found, _losses(seed, 8), tolerance=PARAM32, says=says)


@examples(3)
@given(seed=seeds, before=some_before)
@example(seed=0, before=1)
@example(seed=0, before=3)
def test_next_loss(ResumableTraining: StudentFunction, seed: int, before: int) -> None:
    """Resumed, the next step has the same loss: the parameters and the batch are those of the checkpoint.

    The batch depends on the samples that are left in the epoch, and on the generator.
    """
    on, again = ResumableTraining.run(f"{SAVED}{RESUMED}{ON}, {AGAIN}", **_values(seed, before, 1))
    _same(again, on, f"Saved after {before} steps and resumed, it is another training.")


@examples(5)
@given(seed=seeds, before=some_before, after=some_after)
@example(seed=0, before=1, after=2)
@example(seed=0, before=1, after=7)
@example(seed=3, before=5, after=7)
def test_resumed(ResumableTraining: StudentFunction, seed: int, before: int, after: int) -> None:
    """Resumed, all steps are those of the training that was not stopped, bit for bit.

    A state that is missing shows later than the parameters do: a step of the optimizer, an epoch, or a few steps of the
    schedule after the stop.
    """
    on, again = ResumableTraining.run(f"{SAVED}{RESUMED}{ON}, {AGAIN}", **_values(seed, before, after))
    _same(again, on, f"Saved after {before} steps and resumed, it is another training.")


@examples(3)
@given(seed=seeds, before=some_before, after=some_after)
@example(seed=0, before=1, after=1)
@example(seed=0, before=2, after=7)
def test_saving_disturbs_nothing(ResumableTraining: StudentFunction, seed: int, before: int, after: int) -> None:
    """A training that makes checkpoints has the same losses as one that makes none."""
    code = f"{TRAINED}saved = ResumableTraining(seed)\nfor _ in range(before):\n    done = saved.step()\n"
    code += f"state = saved.state_dict()\n{ON}, [saved.step() for _ in range(after)]"
    on, found = ResumableTraining.run(code, **_values(seed, before, after))
    _same(found, on, f"After a call of state_dict, following {before} steps, it is another training.")


@examples(4)
@given(seed=seeds, before=some_before, later=st.integers(1, 5))
@example(seed=0, before=1, later=1)
@example(seed=0, before=3, later=4)
def test_checkpoint_stays(ResumableTraining: StudentFunction, seed: int, before: int, later: int) -> None:
    """A checkpoint does not change when the training goes on: it leads to the place where it was made.

    `state_dict` of a model and of an optimizer returns their own tensors, which the next step changes in place.
    """
    code = f"{SAVED}on = {ON}\n{RESUMED}on, {AGAIN}"
    on, again = ResumableTraining.run(code, **_values(seed, before, later))
    says = f"Saved after {before} steps and loaded {later} steps later, it is another training."
    _same(again, on, says)


@examples(4)
@given(seed=seeds, before=some_before, after=some_after)
@example(seed=0, before=1, after=2)
@example(seed=0, before=3, after=5)
def test_loaded_twice(ResumableTraining: StudentFunction, seed: int, before: int, after: int) -> None:
    """A checkpoint can be loaded twice: what was trained from it has not changed it.

    An optimizer goes on computing in the tensors that it has loaded, so it must not get those of the checkpoint.
    """
    code = f"{SAVED}{RESUMED}first = {AGAIN}\n{RESUMED}first, {AGAIN}"
    first, second = ResumableTraining.run(code, **_values(seed, before, after))
    _same(second, first, f"Saved after {before} steps and loaded for the second time, it is another training.")


@examples(4)
@given(seed=seeds, before=some_before, after=some_after)
@example(seed=0, before=1, after=3)
@example(seed=0, before=2, after=5)
def test_gone_back(ResumableTraining: StudentFunction, seed: int, before: int, after: int) -> None:
    """A training that went on can go back to its checkpoint, and then repeats its steps."""
    code = f"{SAVED}on = {ON}\ntraining.load_state_dict(state)\non, {ON}"
    on, again = ResumableTraining.run(code, **_values(seed, before, after))
    _same(again, on, f"Back at the checkpoint after {before} steps, it is another training.")


@examples(4)
@given(seed=seeds, before=some_before, after=some_after)
@example(seed=0, before=1, after=2)
@example(seed=0, before=5, after=7)
def test_through_a_file(ResumableTraining: StudentFunction, seed: int, before: int, after: int) -> None:
    """A checkpoint survives torch.save and torch.load with weights_only=True, which loads data only.

    So it holds no modules, optimizers or generators, but what their own methods say about them.
    """
    file = "import io\nfile = io.BytesIO()\ntorch.save(state, file)\nseek = file.seek(0)\n"
    code = f"{SAVED}{file}state = torch.load(file, weights_only=True)\n{RESUMED}{ON}, {AGAIN}"
    on, again = ResumableTraining.run(code, **_values(seed, before, after))
    _same(again, on, f"Saved after {before} steps, and loaded from a file, it is another training.")


@predict(
    answer="The same parameters, bit for bit",
    because="A step is arithmetic, and the same arithmetic on the same numbers gives the same numbers. The random"
    " numbers come from a generator, whose state was saved too.",
    otherwise={
        "The same up to rounding": "The same operations on the same numbers round in the same way. Something that was"
        " not saved would show, rounding does not.",
        "Another run, as with another seed": "The generator goes on from where it was, so it draws the same numbers as"
        " without the stop.",
        "A slightly worse one, because AdamW has to warm up again": "That is what happens if its averages are not"
        " saved. Here they were.",
    },
)
def stopped_run(ResumableTraining: Callable[[int], Any]) -> dict[str, list[float]]:
    """A training is stopped after 10 of 20 steps, and everything is saved: parameters, optimizer, schedule, generator.

    A new process loads it and goes on. What does it have after 20 steps, compared with a run without a stop?
    """
    whole, first, second = ResumableTraining(0), ResumableTraining(0), ResumableTraining(1)
    losses = [whole.step() for _ in range(20)]
    stopped = [first.step() for _ in range(10)]
    second.load_state_dict(first.state_dict())
    stopped += [second.step() for _ in range(10)]
    assert stopped == losses
    assert all(map(torch.equal, whole.model.parameters(), second.model.parameters()))
    return {"step": [float(step) for step in range(20)], "loss": stopped}


# Right answers in other styles


class _Given:
    """The training of the lesson, for the classes below."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.X = torch.linspace(-2, 2, 10)[:, None]
        self.Y = torch.sin(2 * self.X)
        self.model = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
        for parameter in self.model.parameters():
            nn.init.normal_(parameter, generator=self.generator)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.1)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=20)
        self.left: list[int] = []

    def step(self) -> float:
        if not self.left:
            self.left = torch.randperm(len(self.X), generator=self.generator).tolist()
        batch = self.left[:4]
        del self.left[:4]
        inputs = self.X[batch] + 0.1 * torch.randn(len(batch), 1, generator=self.generator)
        loss: Tensor = (self.model(inputs) - self.Y[batch]).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        return loss.item()


@variant
class ByAttributes(_Given):
    """A loop over the names of everything that has a state_dict, and copies on both ways."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self) -> dict[str, Any]:
        state = {
            name: copy.deepcopy(part.state_dict()) for name, part in vars(self).items() if hasattr(part, "state_dict")
        }
        return {**state, "left": list(self.left), "random": self.generator.get_state().clone()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            if name == "left":
                self.left[:] = value
            elif name == "random":
                self.generator.set_state(value)
            else:
                getattr(self, name).load_state_dict(copy.deepcopy(value))


@variant
class ByHand(_Given):
    """Parameters, averages and counters one by one, and the rest of the epoch as a tensor."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self) -> dict[str, Any]:
        kept = [self.optimizer.state.get(p, {}) for p in self.model.parameters()]
        return {
            "values": [p.detach().clone() for p in self.model.parameters()],
            "averages": [{key: value.clone() for key, value in each.items()} for each in kept],
            "steps": self.schedule.last_epoch,
            "lr": self.optimizer.param_groups[0]["lr"],
            "drawn": self.generator.get_state(),
            "left": torch.tensor(self.left, dtype=torch.int64),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        with torch.no_grad():
            for p, value, averages in zip(self.model.parameters(), state["values"], state["averages"], strict=True):
                p.copy_(value)
                self.optimizer.state[p] = {key: each.clone() for key, each in averages.items()}
        self.optimizer.param_groups[0]["lr"] = state["lr"]
        self.schedule.last_epoch = state["steps"]
        self.generator.set_state(state["drawn"])
        self.left = state["left"].tolist()


@variant
class Rebuilt(_Given):
    """Makes a new optimizer and a new schedule when it loads, and counts its own copies."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self) -> dict[str, Any]:
        parts = (self.model.state_dict(), self.optimizer.state_dict(), self.schedule.state_dict())
        return {"parts": copy.deepcopy(list(parts)), "g": self.generator.get_state(), "left": self.left.copy()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        model, optimizer, schedule = copy.deepcopy(state["parts"])
        self.model.load_state_dict(model)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.1)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=20)
        self.optimizer.load_state_dict(optimizer)
        self.schedule.load_state_dict(schedule)
        self.generator = torch.Generator()
        self.generator.set_state(state["g"])
        self.left = [*state["left"]]
