"""Lesson 3.9: Conclusion: what's next.

A quiz about the module, a layer with a low-rank update, a loss for preferences, and the whole course in one loop.
"""

import math
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def quiz() -> dict[str, str]:
    """Return your answers to the seven questions of the lesson, one letter for each.

    The questions are in lessons/m3_9_whats_next/README.md, under "Exercise 1". The keys are "q1" to "q7", the letters
    are "a", "b", "c" and "d", and a question that you leave out, or answer with "", counts as still to do. Begin with

        return {"q1": "", "q2": "", "q3": "", "q4": "", "q5": "", "q6": "", "q7": ""}

    >>> sorted(quiz())
    ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7']
    """
    raise NotImplementedError("TODO: quiz")


def lora_forward(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """Return the output of a frozen linear layer with a low-rank update: the weight is W + (alpha / r) B A.

    Weights are laid out as `torch.nn.Linear` keeps them, a row for each output. `x` has shape (N, I), a row for each
    sample, `W` has shape (O, I), `A` has shape (r, I) and `B` has shape (O, r); r is the rank of the update. There is
    no bias. The result has shape (N, O).

    >>> x, W = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> A, B = torch.tensor([[1.0, 1.0], [0.0, 2.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    >>> lora_forward(x, W, A, B, alpha=4.0)
    tensor([[ 7., 10.,  3.]])
    """
    raise NotImplementedError("TODO: lora_forward")


def dpo_loss(
    policy_chosen: Tensor, policy_rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, beta: float
) -> tuple[float, Tensor]:
    """Return the loss of direct preference optimization, and its gradient with respect to `policy_chosen`.

    There are N pairs of texts, and in each pair people chose one text and rejected the other. The four tensors have
    shape (N,) and hold the log-probabilities of the chosen and of the rejected texts, under the model that is trained,
    the policy, and under the frozen model from which it began, the reference.

    The margin of a pair is how much the policy has raised the log-probability of its chosen text above that of the
    reference, minus the same for its rejected text. The loss of a pair is -log(sigmoid(beta * margin)), and the loss is
    the mean over the pairs; it is finite for every margin. The gradient has shape (N,), an entry for each pair.

    >>> policy_chosen, policy_rejected = torch.tensor([-3.0, -6.0]), torch.tensor([-5.0, -9.0])
    >>> reference_chosen, reference_rejected = torch.tensor([-4.0, -7.0]), torch.tensor([-6.0, -6.0])
    >>> loss, grad = dpo_loss(policy_chosen, policy_rejected, reference_chosen, reference_rejected, 0.5)
    >>> round(loss, 4), grad
    (0.41, tensor([-0.1250, -0.0298]))
    """
    raise NotImplementedError("TODO: dpo_loss")


def _warmup_cosine(t: int, lr_max: float, warmup: int, total: int) -> float:
    """Return the learning rate of step `t`, as in lesson 3.2, with a cosine that ends at 0."""
    if t < warmup:
        return lr_max * (t + 1) / (warmup + 1)
    return lr_max * (1 + math.cos(math.pi * (t - warmup) / (total - warmup))) / 2


def _adam_step(p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return `(p, m, v)` after step `t` of Adam, as in lesson 3.1, with the usual betas; the first step has t = 1."""
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return p - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


def fine_tune(
    params: dict[str, Tensor], trainable: list[str], X: Tensor, Y: Tensor, config: dict[str, Any]
) -> dict[str, Any]:
    """Return the best parameters of a fine-tuning, the losses on the way, and when the best ones occurred.

    The model is the tanh network tanh(X W1 + b1) W2 + b2: in `params`, "W1" has shape (D, H), "b1" (H,), "W2" (H, O)
    and "b2" (O,). `X` has shape (N, D), `Y` has shape (N, O), and N is at least 4. The last N // 4 rows are for
    validation, and the others for training; a loss is the mean of the squared errors over all outputs of its rows.

    Only the parameters whose names are in `trainable` are trained; the others are frozen and never change. `trainable`
    may be empty. `config` has the keys "lr", "steps", "warmup", "weight_decay", "max_norm" and "patience".

    Before the first step and after each one, both losses are recorded, so there are `steps` + 1 of each if nothing
    stops the training. It stops as soon as `patience` validation losses in a row are not below the lowest one before
    them. In step t, which counts from 0:

    - the gradients of the training loss along the trainable parameters, all together, are clipped to the norm
      "max_norm";
    - the learning rate is `_warmup_cosine(t, lr, warmup, steps)`;
    - AdamW moves each trainable parameter: the weights "W1" and "W2" are first multiplied by 1 minus the learning rate
      times "weight_decay", the biases are not, and then `_adam_step` takes a step with that learning rate.

    The result has the keys "params", the four tensors where the validation loss was lowest; "train_losses" and
    "val_losses", a float for each record; and "best_step", the number of steps after which it was lowest, the first
    one if several are equal.

    >>> params = {"W1": torch.zeros(1, 1), "b1": torch.zeros(1), "W2": torch.ones(1, 1), "b2": torch.zeros(1)}
    >>> X, Y = torch.zeros(4, 1), torch.ones(4, 1)
    >>> config = {"lr": 0.5, "steps": 2, "warmup": 1, "weight_decay": 0.0, "max_norm": 1.0, "patience": 2}
    >>> result = fine_tune(params, ["b2"], X, Y, config)
    >>> result["best_step"], result["params"]["b2"], [round(loss, 4) for loss in result["val_losses"]]
    (2, tensor([0.7500]), [1.0, 0.5625, 0.0625])
    """
    raise NotImplementedError("TODO: fine_tune")


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.linspace(-3, 3, 60)[torch.randperm(60)][:, None]
    start = {"W1": torch.randn(1, 16), "b1": torch.randn(16), "W2": torch.randn(16, 1) / 4, "b2": torch.zeros(1)}
    config = {"lr": 0.05, "steps": 600, "warmup": 20, "weight_decay": 0.0, "max_norm": 1.0, "patience": 600}
    try:
        pretrained = fine_tune(start, list(start), x, x.sin(), config)["params"]
        few = torch.tensor([[0.0], [0.75], [1.5], [2.25], [3.0], [2.6], [0.4]])
        targets = 1.5 * few.sin() + 0.5
        config |= {"steps": 200, "patience": 200}
        runs = {
            "all": fine_tune(pretrained, list(start), few, targets, config),
            "last layer": fine_tune(pretrained, ["W2", "b2"], few, targets, config),
            "from scratch": fine_tune(start, list(start), few, targets, config),
        }
    except NotImplementedError:
        raise SystemExit("Nothing to draw yet: write fine_tune first, then run this file again.") from None
    figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
    wide = torch.linspace(-3, 3, 200)[:, None]
    ax.plot(wide, 1.5 * wide.sin() + 0.5, ":", color="black", label="what the points come from")
    ax.plot(few[:6], targets[:6], "o", color="C7", label="training points")
    for (name, run), style in zip(runs.items(), ("-", "--", "-."), strict=True):
        net = run["params"]
        ax.plot(wide, torch.tanh(wide @ net["W1"] + net["b1"]) @ net["W2"] + net["b2"], style, label=name)
    ax.set(xlabel="x", ylabel="y", title="Your fine-tuning")
    ax.legend()
    figure.savefig("my_fine_tuning.png")
    print("Drawn: my_fine_tuning.png")
    plt.show()
