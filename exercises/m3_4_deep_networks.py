"""Lesson 3.4: Deeper networks and backprop challenges.

The gradient along a chain of units, layer normalization, residual blocks with and without normalization, and clipping
by the global norm.
"""

import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def chain_gradient(weights: list[float], x: float, activation: str) -> tuple[float, float]:
    """Return the output of a chain of single units, and its derivative with respect to the input `x`.

    Each unit multiplies what it gets by its weight and applies the activation, "identity", "tanh" or "sigmoid"; the
    first unit gets `x`, and every other one gets the output of the one before. Without any weights, the output is `x`,
    and the derivative is 1.

    >>> chain_gradient([2.0, 3.0], 0.5, "identity")
    (3.0, 6.0)
    """
    raise NotImplementedError("TODO: chain_gradient")


def layer_norm(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """Return `x` with every row normalized, then scaled by `gamma` and shifted by `beta`.

    `x` has shape (N, D), a row for each sample; `gamma` and `beta` have shape (D,). The mean of a row is subtracted
    from its entries, and they are divided by the root of its variance plus `eps`, which is added under the root. The
    variance of a row is the mean of D squares. The result has shape (N, D).

    >>> x = torch.tensor([[1.0, 3.0], [10.0, 30.0]])
    >>> layer_norm(x, torch.tensor([1.0, 2.0]), torch.tensor([0.0, 10.0]), eps=1e-12)
    tensor([[-1., 12.],
            [-1., 12.]])
    """
    raise NotImplementedError("TODO: layer_norm")


def _rms_norm(x: Tensor) -> Tensor:
    """Return `x` with every row divided by its root mean square."""
    return x / (x.square().mean(dim=1, keepdim=True) + 1e-8).sqrt()


def residual_forward(x: Tensor, weights: list[Tensor], scale: float, norm: str) -> Tensor:
    """Return the output of a network of residual blocks, one for each weight.

    `x` has shape (N, D), and every weight has shape (D, D), a column for each output. The branch of a block multiplies
    by its weight and applies ReLU; the block adds `scale` times the branch to what the block got. `norm` says where
    the given function `_rms_norm` is applied: nowhere with "none", at the beginning of every branch with "pre", and
    after every sum with "post". The result has shape (N, D).

    >>> x, weight = torch.tensor([[7.0, -1.0]]), torch.tensor([[1.0, 0.0], [2.0, -5.0]])
    >>> residual_forward(x, [weight], 0.5, "none"), residual_forward(x, [weight], 0.5, "pre")
    (tensor([[9.5000, 1.5000]]), tensor([[ 7.5000, -0.5000]]))
    """
    raise NotImplementedError("TODO: residual_forward")


def clip_by_global_norm(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], float]:
    """Return the gradients of all parameters, shortened to `max_norm` if they are longer, and how long they were.

    `grads` holds one tensor of any shape for each parameter. Their global norm is the length of the one long vector
    that all entries form together. If it is above `max_norm`, all entries are multiplied by the same factor, so that
    it becomes `max_norm`; otherwise they keep their values. `max_norm` is above 0, and the tensors in `grads` stay as
    they are. The result is a list of tensors with the shapes of `grads`, and the global norm before clipping.

    >>> clip_by_global_norm([torch.tensor([3.0]), torch.tensor([[0.0, 4.0]])], max_norm=2.5)
    ([tensor([1.5000]), tensor([[0., 2.]])], 5.0)
    """
    raise NotImplementedError("TODO: clip_by_global_norm")


if __name__ == "__main__":
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    drawn = []
    try:
        for activation, style in (("sigmoid", ":"), ("tanh", "--"), ("identity", "-")):
            sizes = [abs(chain_gradient([0.9] * depth, 1.0, activation)[1]) for depth in range(21)]
            axes[0].semilogy(sizes, style, color="C1", label=activation)
        axes[0].set(xlabel="units in the chain", ylabel="derivative, logarithmic", title="Your chain: every weight 0.9")
        axes[0].legend()
        drawn.append("your chain")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    try:
        torch.manual_seed(0)
        x = torch.randn(100, 64)
        weights = [torch.randn(64, 64) * math.sqrt(2 / 64) for _ in range(20)]
        for norm, style in (("none", "-"), ("pre", "--"), ("post", ":")):
            sizes = [x.square().mean().sqrt().item()]
            for depth in range(1, 21):
                sizes.append(residual_forward(x, weights[:depth], 1.0, norm).square().mean().sqrt().item())
            axes[1].semilogy(sizes, style, color="C0", label=norm)
        axes[1].set(xlabel="block", ylabel="root mean square, logarithmic", title="Your residual blocks")
        axes[1].legend(title="norm")
        drawn.append("your residual blocks")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    if not drawn:
        raise SystemExit("Nothing to draw yet: write chain_gradient or residual_forward, then run this file again.")
    figure.savefig("my_deep_networks.png")
    print("Drawn: my_deep_networks.png, with", " and ".join(drawn))
    plt.show()
