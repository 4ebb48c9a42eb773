"""Exercises of lesson 3.8: the training loop in practice.

Read lessons/m3_8_case_studies/README.md, fill in the functions and the class, and run: grade 3.8
"""

import copy
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn


def training_budget(sizes: dict[str, int], tied: bool, tokens: int, shards: int) -> dict[str, float]:
    """Return what a transformer that predicts the next token is made of, and what its training takes.

    `sizes` holds "vocab", how many tokens there are, "d_model", the width, "n_layers", "d_ff", the hidden units of the
    network in each layer, and "context", how many tokens the model sees at once. There are no biases. The counts of
    parameters in the result:

    - "embedding": a table with a row of d_model numbers for each token of the vocabulary;
    - "attention": the four square matrices of every layer, for queries, keys, values and the output;
    - "mlp": the two matrices of every layer's network, from d_model to d_ff units and back;
    - "norms": an RMSNorm with d_model scales, twice in every layer and once after the last one;
    - "head": the matrix from d_model to the vocabulary; 0 if `tied`, because it then is the embedding itself;
    - "total": all of them.

    What the training takes, with float32 and AdamW:

    - "flops": two operations for each parameter and token in the forward pass, and twice that in the backward pass;
    - "length_flops": what attention adds to them: in every layer each of the `tokens` meets `context` keys and as many
      values, with a multiplication and an addition for each of the d_model numbers, and again twice that backward;
    - "bytes": on each of `shards` devices, which divide parameters, gradients and both averages of AdamW equally.

    All of them are whole numbers, except for "bytes", which is a float.

    >>> sizes = {"vocab": 10, "d_model": 4, "n_layers": 1, "d_ff": 8, "context": 2}
    >>> budget = training_budget(sizes, tied=True, tokens=5, shards=4)
    >>> budget["total"], budget["flops"], budget["length_flops"], budget["bytes"]
    (180, 5400, 480, 720.0)
    """
    vocab, width, layers, hidden, context = (sizes[key] for key in ("vocab", "d_model", "n_layers", "d_ff", "context"))
    parts = {
        "embedding": vocab * width,
        "attention": 4 * width * width * layers,
        "mlp": 2 * width * hidden * layers,
        "norms": (2 * layers + 1) * width,
        "head": 0 if tied else vocab * width,
    }
    total = sum(parts.values())
    return {
        **parts,
        "total": total,
        "flops": 6 * total * tokens,
        "length_flops": 12 * width * layers * context * tokens,
        "bytes": 16 * total / shards,
    }


def fit_power_law(n: Tensor, loss: Tensor) -> tuple[float, float]:
    """Return `(a, alpha)` of the power law a * n**(-alpha) that fits the losses best.

    `n` and `loss` have shape (K,), with K at least 2, and all entries are above 0. The best fit is the line of least
    squares for the logarithm of the loss over the logarithm of n.

    >>> fit_power_law(torch.tensor([1.0, 4.0, 16.0]), torch.tensor([6.0, 3.0, 1.5]))
    (6.0, 0.5)
    """
    x, y = n.double().log(), loss.double().log()
    centred = x - x.mean()
    slope = (centred * y).sum() / centred.square().sum()
    intercept = y.mean() - slope * x.mean()
    return intercept.exp().item(), -slope.item()


def accumulated_step(X: Tensor, y: Tensor, w: Tensor, lr: float, micro_batch: int, max_norm: float) -> Tensor:
    """Return the weights after one step of clipped gradient descent, computed from a few samples at a time.

    `X` has shape (N, D), `y` has shape (N,), and `w`, which stays as it is, has shape (D,). The loss is the mean of the
    N squared errors of `X @ w`. Its gradient is shortened to the length `max_norm` if it is longer, and the step is
    `lr` times that. No product may use more than `micro_batch` rows of `X`; N need not be a multiple of it. The result
    has shape (D,).

    >>> X, y = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([2.0, 4.0, 3.0])
    >>> accumulated_step(X, y, torch.zeros(1), lr=0.25, micro_batch=2, max_norm=100.0)
    tensor([3.1667])
    """
    gradient = torch.zeros_like(w)
    for first in range(0, len(X), micro_batch):
        rows, targets = X[first : first + micro_batch], y[first : first + micro_batch]
        errors = rows @ w - targets
        gradient += 2 * rows.T @ errors / len(X)
    length: float = gradient.norm().item()
    factor = max_norm / max(length, max_norm)
    return w - lr * factor * gradient


class _Training:
    """A small network that learns a sine with AdamW, a cosine schedule, and batches without replacement."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.X = torch.linspace(-2, 2, 10)[:, None]
        self.Y = torch.sin(2 * self.X)
        self.model = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
        for parameter in self.model.parameters():
            nn.init.normal_(parameter, generator=self.generator)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.1)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=20)
        self.left: list[int] = []  # the samples of this epoch that are still to come

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


class ResumableTraining(_Training):
    """A training that can be stopped after any step, and goes on as if nothing had happened.

    `_Training` makes its model, optimizer, schedule and generator, and the list `left` with the samples of the epoch
    that are still to come; `step()` is one step of the training, and returns the loss of its batch.

    >>> training = ResumableTraining(seed=0)
    >>> before = [training.step() for _ in range(3)]
    >>> state = training.state_dict()
    >>> after = [training.step() for _ in range(5)]
    >>> resumed = ResumableTraining(seed=1)
    >>> resumed.load_state_dict(state)
    >>> [resumed.step() for _ in range(5)] == after
    True
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self) -> dict[str, Any]:
        """Return a checkpoint: everything that the next steps depend on, in a dict whose keys are up to you.

        It holds tensors, numbers, texts, lists and dicts, so that `torch.load` reads it with `weights_only=True`, and
        it does not change any more when the training goes on.
        """
        parts = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "generator": self.generator.get_state(),
            "left": self.left,
        }
        return copy.deepcopy(parts)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to the place of a checkpoint; the next steps are exactly those that came after it.

        The checkpoint may be loaded again later, so it must not change either.
        """
        state = copy.deepcopy(state)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.generator.set_state(state["generator"])
        self.left = state["left"]


if __name__ == "__main__":
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    drawn = []
    try:
        counts = torch.tensor([1e2, 1e3, 1e4, 1e5])
        losses = torch.tensor([2.9, 1.6, 0.8, 0.42])
        a, alpha = fit_power_law(counts, losses)
        axes[0].loglog(counts, losses, "o", color="C7", label="losses")
        axes[0].loglog(counts, a * counts ** (-alpha), color="C0", label=f"{a:.1f} n^-{alpha:.2f}")
        axes[0].set(xlabel="parameters n, logarithmic", ylabel="loss, logarithmic", title="Your power law")
        axes[0].legend()
        drawn.append("your power law")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    try:
        training = ResumableTraining(seed=0)
        before = [training.step() for _ in range(10)]
        state = training.state_dict()
        after = [training.step() for _ in range(10)]
        resumed = ResumableTraining(seed=1)
        resumed.load_state_dict(state)
        again = [resumed.step() for _ in range(10)]
        axes[1].plot(range(10), before, color="C0", label="before the stop")
        axes[1].plot(range(10, 20), after, "-", color="C0", alpha=0.5, linewidth=6, label="without a stop")
        axes[1].plot(range(10, 20), again, "--", color="black", label="resumed")
        axes[1].set(xlabel="step", ylabel="loss of the batch", title="Your checkpoint")
        axes[1].legend()
        drawn.append("your checkpoint")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    if not drawn:
        raise SystemExit("Nothing to draw yet: write fit_power_law or ResumableTraining first, then run this again.")
    figure.savefig("my_case_studies.png")
    print("Drawn: my_case_studies.png, with", " and ".join(drawn))
    plt.show()
