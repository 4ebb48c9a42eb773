"""Lesson 3.1: Optimization algorithms beyond SGD.

Momentum, RMSProp and Adam as steps with a state, and AdamW as a class with groups of parameters.
"""

from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn


def momentum_step(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    """Return `(p, velocity)` after one step of gradient descent with momentum, as `torch.optim.SGD` takes it.

    `p`, `grad` and `velocity` have the same shape, and stay as they are. `velocity` is 0 before the first step. The
    new velocity is `mu` times the old one plus the gradient, and `p` moves against the new velocity, `lr` times as far.

    >>> p, grad, velocity = torch.tensor([1.0, -2.0]), torch.tensor([2.0, 4.0]), torch.tensor([1.0, 0.0])
    >>> momentum_step(p, grad, velocity, lr=0.125, mu=0.5)
    (tensor([ 0.6875, -2.5000]), tensor([2.5000, 4.0000]))
    """
    velocity = mu * velocity + grad
    return p - lr * velocity, velocity


def rmsprop_step(p: Tensor, grad: Tensor, sq: Tensor, lr: float, alpha: float, eps: float) -> tuple[Tensor, Tensor]:
    """Return `(p, sq)` after one step of RMSProp, as `torch.optim.RMSprop` takes it.

    `p`, `grad` and `sq` have the same shape, and stay as they are. `sq` is a running average of the squared gradients,
    0 before the first step: of the old average the share `alpha` stays, and the new square gets the rest. The gradient
    is divided by the root of the new average plus `eps`, which is added to the root, and `lr` times that is the step.

    >>> p, grad, sq = torch.tensor([1.0, 2.0]), torch.tensor([4.0, -2.0]), torch.tensor([0.0, 0.0])
    >>> rmsprop_step(p, grad, sq, lr=0.25, alpha=0.75, eps=1e-8)
    (tensor([0.5000, 2.5000]), tensor([4., 1.]))
    """
    sq = alpha * sq + (1 - alpha) * grad**2
    return p - lr * grad / (sq.sqrt() + eps), sq


def adam_step(
    p: Tensor, grad: Tensor, m: Tensor, v: Tensor, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return `(p, m, v)` after step number `t` of Adam, as `torch.optim.Adam` takes it; the first step has t = 1.

    `p`, `grad`, `m` and `v` have the same shape, and stay as they are. `m` and `v` are running averages of the
    gradients and of their squares, with the shares `beta1` and `beta2` of the old average; both are 0 before the first
    step. For the step, and only for it, each is divided by the sum of the shares that it has given to gradients so far,
    1 - beta1 ** t and 1 - beta2 ** t. `eps` is added to the root of the corrected `v`. The `m` and `v` in the result
    are not corrected.

    >>> p, grad, zero = torch.tensor([1.0, 2.0]), torch.tensor([4.0, -0.5]), torch.tensor([0.0, 0.0])
    >>> adam_step(p, grad, zero, zero, t=1, lr=0.125, beta1=0.5, beta2=0.75, eps=1e-8)
    (tensor([0.8750, 2.1250]), tensor([ 2.0000, -0.2500]), tensor([4.0000, 0.0625]))
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return p - lr * m_hat / (v_hat.sqrt() + eps), m, v


class AdamW:
    """Adam with decoupled weight decay and groups of parameters, with the steps of `torch.optim.AdamW`.

    In every step a parameter is multiplied by 1 - lr * weight_decay, and then takes a step of Adam with its own state.
    The values change in place, because the model keeps the very same tensors.

    `params` holds parameters, or groups: dicts with "params" and, where a group differs from the arguments, "lr",
    "betas", "eps" or "weight_decay". Both may be any iterable, such as the generator `model.parameters()`.

    >>> weight, bias = (torch.nn.Parameter(torch.tensor(values)) for values in ([4.0, -2.0], [1.0]))
    >>> groups = [{"params": [weight]}, {"params": [bias], "weight_decay": 0.0}]
    >>> optimizer = AdamW(groups, lr=0.125, weight_decay=0.5)
    >>> (weight.sum() - bias).backward()
    >>> optimizer.step()
    >>> weight.tolist(), bias.tolist()
    ([3.625, -2.0], [1.125])
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter] | Iterable[dict[str, Any]],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        """Make `self.param_groups`, a list of dicts with the keys "params", "lr", "betas", "eps" and "weight_decay".

        There is one dict for each group, and a single one if `params` holds parameters. What a program writes into a
        group later, such as another "lr", counts from the next step on: schedules work that way.
        """
        given: list[Any] = list(params)
        groups = given if given and isinstance(given[0], dict) else [{"params": given}]
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        self.param_groups = [{**settings, **group, "params": list(group["params"])} for group in groups]
        self.state: dict[nn.Parameter, tuple[int, Tensor, Tensor]] = {}

    def zero_grad(self) -> None:
        """Clear the gradients of all parameters, to None or to 0."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient; one whose `.grad` is None stays, and its steps do not count.

        Gradients stay as they are, and autograd records nothing.
        """
        with torch.no_grad():
            for group in self.param_groups:
                lr, (beta1, beta2), eps = group["lr"], group["betas"], group["eps"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    t, m, v = self.state.get(p, (0, torch.zeros_like(p), torch.zeros_like(p)))
                    decayed = (1 - lr * group["weight_decay"]) * p
                    moved, m, v = adam_step(decayed, p.grad, m, v, t + 1, lr, beta1, beta2, eps)
                    p.copy_(moved)
                    self.state[p] = (t + 1, m, v)


if __name__ == "__main__":
    curvatures = torch.tensor([1.0, 50.0])
    across, up = torch.meshgrid(torch.linspace(-4.5, 1, 111), torch.linspace(-1.2, 1.2, 97), indexing="xy")
    plt.contour(across, up, (across**2 + 50 * up**2) / 2, levels=[0.2, 1, 3, 7, 15, 30], linewidths=1, cmap="viridis")
    drawn = []
    for name, style in (("momentum", "-"), ("RMSProp", ":"), ("Adam", "--"), ("AdamW", "-.")):
        p, zero = torch.tensor([-4.0, 1.0]), torch.zeros(2)
        path, velocity, sq, m, v = [p], zero, zero, zero, zero
        kept = nn.Parameter(p.clone())
        try:
            optimizer = AdamW([kept], lr=0.1, weight_decay=0.1) if name == "AdamW" else None
            for t in range(1, 101):
                grad = curvatures * path[-1]
                if name == "momentum":
                    p, velocity = momentum_step(p, grad, velocity, 0.02, 0.8)
                elif name == "RMSProp":
                    p, sq = rmsprop_step(p, grad, sq, 0.05, 0.99, 1e-8)
                elif optimizer is None:
                    p, m, v = adam_step(p, grad, m, v, t, 0.1, 0.9, 0.999, 1e-8)
                else:
                    kept.grad = grad
                    optimizer.step()
                    p = kept.detach().clone()
                path.append(p)
        except NotImplementedError:
            continue
        steps = torch.stack(path)
        plt.plot(steps[:, 0], steps[:, 1], style, marker=".", markersize=3, linewidth=1, label=name)
        drawn.append(name)
    if not drawn:
        raise SystemExit("Nothing to draw yet: write momentum_step first, then run this file again.")
    plt.plot(0, 0, "x", color="red", label="the bottom")
    plt.xlabel("first parameter")
    plt.ylabel("second parameter")
    plt.title("100 of your steps")
    plt.legend()
    plt.savefig("my_paths.png")
    print("Drawn: my_paths.png, with", ", ".join(drawn))
    plt.show()
