"""Exercises of lesson 1.6: recap and key takeaways.

Read lessons/m1_6_recap/README.md, fill in the functions, and run: grade 1.6
"""

import math
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def quiz() -> dict[str, str]:
    """Return your answers to the six questions of the lesson, one letter for each.

    The questions stand in lessons/m1_6_recap/README.md, under "Exercise 1". The keys are "q1" to "q6", the letters are
    "a", "b", "c" and "d", and a question that you leave out, or answer with "", counts as still to do. Begin with

        return {"q1": "", "q2": "", "q3": "", "q4": "", "q5": "", "q6": ""}

    >>> sorted(quiz())
    ['q1', 'q2', 'q3', 'q4', 'q5', 'q6']
    """
    raise NotImplementedError("TODO: quiz")


def train_line(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Train the line `w * x + b` for one epoch per entry of `orders`, and notice when the training runs away.

    `x` and `y` have shape (N,), and an order is a list of the N indices. An epoch cuts its order into consecutive
    batches of `batch_size` indices, of which the last may be shorter, and makes one step per batch, against the
    gradient of that batch's mean squared error. The loss of an epoch is an average over its N samples: each sample
    counts with the squared error that it had just before the step of its own batch.

    If the loss of an epoch is not finite, or exceeds `1e6 * (history[0] + 1)`, the training has diverged: the epoch is
    undone, its loss is not recorded, and no further epoch is run. `history[0]` is the loss of the first epoch.

    The result holds "w" and "b" (floats), "history" (the losses of the epochs that count), and "status" ("ok" or
    "diverged").

    >>> x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 5.0])
    >>> train_line(x, y, 0.0, 0.0, 0.125, [[2, 0, 1]], 2)
    {'w': 1.5, 'b': 1.0, 'history': [9.0], 'status': 'ok'}
    """
    raise NotImplementedError("TODO: train_line")


if __name__ == "__main__":
    generator = torch.Generator().manual_seed(42)
    x = torch.linspace(-3, 3, 30)
    y = 2 * x + 1 + 0.5 * torch.randn(30, generator=generator)
    orders = [torch.randperm(30, generator=generator).tolist() for _ in range(25)]
    figure, (data_panel, loss_panel) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    data_panel.plot(x.numpy(), y.numpy(), "o", color="black", label="data")
    try:
        for batch_size, color, marker in [(30, "#0072b2", "o"), (8, "#d55e00", "s"), (1, "#009e73", "^")]:
            result = train_line(x, y, 0.0, 0.0, 0.02, orders, batch_size)
            line = result["w"] * x + result["b"]
            label = f"batches of {batch_size}: {result['status']}"
            data_panel.plot(x.numpy(), line.numpy(), color=color, label=label)
            loss_panel.plot(result["history"], color=color, marker=marker, markersize=4, label=label)
    except NotImplementedError:
        raise SystemExit("Nothing to draw yet: write train_line first, then run this file again.") from None
    data_panel.set(xlabel="x", ylabel="y", title="Your lines after 25 epochs")
    loss_panel.set(xlabel="epoch", ylabel="loss", yscale="log", title="Your histories")
    data_panel.legend()
    loss_panel.legend()
    figure.savefig("my_training.png")
    print("Drawn: my_training.png")
    plt.show()
