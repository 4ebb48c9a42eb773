"""Lesson 3.3: Weight initialization.

How many numbers a unit adds up, first weights after five rules, the size of the signal in every layer, and how much
each layer changes in training.
"""

import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the fan-in and the fan-out of a weight.

    `shape` is in torch's layout: (out, in) for a linear layer, and (out, in, *kernel) for a convolution, with one
    kernel size for each dimension, for example (out, in, 3, 3) for images. The fan-in is how many numbers an output
    adds up. The fan-out is how many outputs an input takes part in, where the kernel moves on by one place at a time
    and the input is not at the border.

    >>> fans((4, 3)), fans((16, 3, 5, 5))
    ((3, 4), (75, 400))
    """
    raise NotImplementedError("TODO: fans")


def init_weight(shape: tuple[int, ...], scheme: str, seed: int) -> Tensor:
    """Return a first weight, drawn at random after one of five rules.

    `shape` is as in `fans`, and the result is a float32 tensor of this shape. All entries are independent and have
    mean 0. `scheme` is "xavier_normal" or "xavier_uniform", with the variance 2 / (fan_in + fan_out); "he_normal" or
    "he_uniform", with the variance 2 / fan_in; or "torch_default", which is uniform with the variance 1 / (3 fan_in),
    as the weight of `torch.nn.Linear` begins. The same seed gives the same numbers, another seed gives others, and the
    program's other random numbers are not disturbed. Many answers are right.

    >>> tuple(init_weight((4, 3), "he_normal", seed=0).shape)
    (4, 3)
    """
    raise NotImplementedError("TODO: init_weight")


def signal_rms(weights: list[Tensor], x: Tensor, activation: str) -> list[float]:
    """Return the size of the signal after each layer of a network without biases.

    `weights` holds one weight for each layer, in torch's layout: shape (out, in). `x` has shape (N, D), where D is the
    "in" of the first weight. Each layer multiplies by its weight and applies the activation, "identity", "relu" or
    "tanh", to every entry; the last layer does too. Entry k of the result is the root of the mean square, over all
    samples and all units, of what layer k gives to the next one.

    >>> first = torch.tensor([[1.0, 2.0], [-1.0, 0.0], [0.0, -1.0], [-1.0, -1.0]])
    >>> second = torch.tensor([[2.0, 1.0, 1.0, 1.0]])
    >>> signal_rms([first, second], torch.tensor([[2.0, 1.0]]), "relu")
    [2.0, 8.0]
    """
    raise NotImplementedError("TODO: signal_rms")


def _layer_outputs(weights: list[Tensor], x: Tensor) -> list[Tensor]:
    """Return what each layer gives to the next one: tanh after every layer but the last."""
    outputs = []
    for number, weight in enumerate(weights, start=1):
        x = x @ weight.T if number == len(weights) else torch.tanh(x @ weight.T)
        outputs.append(x)
    return outputs


def coordinate_check(weights: list[Tensor], x: Tensor, y: Tensor, lrs: list[float], steps: int) -> list[float]:
    """Train a network by gradient descent, and return how much the outputs of each layer have changed.

    `weights` holds one weight for each layer, in torch's layout: shape (out, in); there are no biases. The given
    function `_layer_outputs(weights, x)` is the network: what it returns for the last layer are the predictions. `x`
    has shape (N, D) and `y` has shape (N, O). The loss is the mean of the squared errors over all N * O predictions,
    and in each of `steps` steps the weight of layer k moves against its gradient with the learning rate `lrs[k]`. The
    tensors in `weights` stay as they are. Entry k of the result is the root of the mean square, over all samples and
    all units, of the difference between the outputs of layer k on `x` after the training and before it.

    >>> coordinate_check([torch.tensor([[1.0]])], torch.tensor([[2.0]]), torch.tensor([[1.0]]), [0.125], 1)
    [1.0]
    """
    raise NotImplementedError("TODO: coordinate_check")


if __name__ == "__main__":
    figure, axes = plt.subplots(1, 3, figsize=(13, 4.5), layout="constrained")
    drawn = []
    generator = torch.Generator().manual_seed(0)
    try:
        x = torch.randn(200, 256, generator=generator)
        for scheme, style in (("torch_default", ":"), ("xavier_normal", "--"), ("he_normal", "-")):
            layers = [init_weight((256, 256), scheme, seed) for seed in range(20)]
            axes[0].semilogy(range(1, 21), signal_rms(layers, x, "relu"), style, color="C0", label=scheme)
        axes[0].set(xlabel="layer", ylabel="root mean square, logarithmic", title="Your signal through 20 ReLU layers")
        axes[0].legend()
        drawn.append("your signal")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    try:
        x = torch.randn(32, 8, generator=generator)
        y, widths = x[:, :1] * x[:, 1:2] + x[:, 2:3], [32, 64, 128, 256, 512]
        for ax, scaled in zip(axes[1:], (False, True), strict=True):
            changes = torch.zeros(len(widths), 3)
            for number, width in enumerate(widths):
                factor = width / 32 if scaled else 1.0
                for _ in range(4):  # starts, of which the mean is drawn
                    weights = [torch.randn(width, 8, generator=generator) / 8**0.5]
                    weights.append(torch.randn(width, width, generator=generator) / width**0.5)
                    weights.append(torch.randn(1, width, generator=generator) / (width * factor) ** 0.5)
                    change = coordinate_check(weights, x, y, [0.03 * factor, 0.03, 0.03 / factor], 1)
                    changes[number] += torch.tensor(change) / 4
            for layer in range(3):
                ax.loglog(widths, changes[:, layer], "os^"[layer] + "-", color="C0", label=f"layer {layer + 1}")
            ax.set_xticks(widths, [str(width) for width in widths])
            ax.minorticks_off()
            ax.set(xlabel="width, logarithmic", ylabel="change in one step, logarithmic", ylim=(1e-3, 10))
            ax.set(title="Scaled with the width" if scaled else "One learning rate for all")
            ax.legend()
        drawn.append("your coordinate check")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    if not drawn:
        raise SystemExit("Nothing to draw yet: write the first three functions, then run this file again.")
    figure.savefig("my_initialization.png")
    print("Drawn: my_initialization.png, with", " and ".join(drawn))
    plt.show()
