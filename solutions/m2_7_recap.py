"""Lesson 2.7: Recap: our network vs linear regression.

A quiz about the module, and the wall between a network and its own copy: how it comes about, and how it goes.
"""

import itertools
import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def quiz() -> dict[str, str]:
    """Return your answers to the six questions of the lesson, one letter for each.

    The questions stand in lessons/m2_7_recap/README.md, under "Exercise 1". The keys are "q1" to "q6", the letters are
    "a", "b", "c" and "d", and a question that you leave out, or answer with "", counts as still to do. Begin with

        return {"q1": "", "q2": "", "q3": "", "q4": "", "q5": "", "q6": ""}

    >>> sorted(quiz())
    ['q1', 'q2', 'q3', 'q4', 'q5', 'q6']
    """
    return {"q1": "b", "q2": "a", "q3": "d", "q4": "b", "q5": "c", "q6": "c"}


def permute_hidden(params: dict[str, Tensor], order: list[int]) -> dict[str, Tensor]:
    """Return the same network with its hidden units in another order: unit j of the result is unit order[j] of params.

    In `params`, "W1" has shape (D, H), "b1" (H,), "W2" (H, O) and "b2" (O,). `order` is a list that holds each of the
    numbers 0 to H - 1 once. The result is a dict with the same keys and shapes, it has the same outputs for every
    input, and `params` stays as it is.

    >>> W1, b1 = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([4.0, 5.0, 6.0])
    >>> params = {"W1": W1, "b1": b1, "W2": torch.tensor([[7.0], [8.0], [9.0]]), "b2": torch.tensor([0.5])}
    >>> permute_hidden(params, [2, 0, 1])
    {'W1': tensor([[3., 1., 2.]]), 'b1': tensor([6., 4., 5.]), 'W2': tensor([[9.],
            [7.],
            [8.]]), 'b2': tensor([0.5000])}
    """
    W1, b1, W2 = params["W1"][:, order], params["b1"][order], params["W2"][order]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": params["b2"].clone()}


def line_profile(
    params_a: dict[str, Tensor], params_b: dict[str, Tensor], X: Tensor, Y: Tensor, alphas: list[float]
) -> list[float]:
    """Return the losses of the tanh networks on the straight line through two networks, one for each alpha.

    All parameters of the network at alpha are (1 - alpha) times those of `params_a` plus alpha times those of
    `params_b`; both are dicts as in `permute_hidden`, with the same shapes. Its loss is the mean of the squared errors
    over all N * O outputs, where `X` has shape (N, D) and `Y` has shape (N, O). The result is a list of floats, one
    for each of `alphas`; an alpha may be any number, also below 0 or above 1.

    >>> b2 = torch.tensor([0.0])
    >>> hill = {"W1": torch.ones(1, 2), "b1": torch.tensor([1.0, -1.0]), "W2": torch.tensor([[1.0], [-1.0]]), "b2": b2}
    >>> swap = {"W1": torch.ones(1, 2), "b1": torch.tensor([-1.0, 1.0]), "W2": torch.tensor([[-1.0], [1.0]]), "b2": b2}
    >>> X, Y = torch.tensor([[0.0]]), torch.tensor([[1.5]])
    >>> [round(loss, 3) for loss in line_profile(hill, swap, X, Y, [0.0, 0.5, 1.0])]
    [0.001, 2.25, 0.001]
    """
    losses = []
    for alpha in alphas:
        mixed = {key: (1 - alpha) * params_a[key] + alpha * params_b[key] for key in params_a}
        h = torch.tanh(X @ mixed["W1"] + mixed["b1"])
        outputs = h @ mixed["W2"] + mixed["b2"]
        losses.append(((outputs - Y) ** 2).mean().item())
    return losses


def align_hidden(params_a: dict[str, Tensor], params_b: dict[str, Tensor]) -> list[int]:
    """Return the order of the hidden units of `params_b` that brings it nearest to `params_a`.

    Both are dicts as in `permute_hidden`, with the same shapes. How far apart two networks are is the sum of the
    squared differences of all their parameters. Of all H! orders, the result is one for which
    `permute_hidden(params_b, order)` and `params_a` are the least far apart; if several are equally near, each of them
    is right. H is at most 6, so there are at most 720 orders.

    >>> W1, b1, b2 = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([4.0, 5.0, 6.0]), torch.tensor([0.5])
    >>> params_a = {"W1": W1, "b1": b1, "W2": torch.tensor([[7.0], [8.0], [9.0]]), "b2": b2}
    >>> W1, b1 = torch.tensor([[3.0, 1.0, 2.0]]), torch.tensor([6.0, 4.0, 5.0])
    >>> params_b = {"W1": W1, "b1": b1, "W2": torch.tensor([[9.0], [7.0], [8.0]]), "b2": b2}
    >>> align_hidden(params_a, params_b)
    [1, 2, 0]
    """
    units_a, units_b = (torch.cat([net["W1"].T, net["b1"][:, None], net["W2"]], dim=1) for net in (params_a, params_b))
    gaps = ((units_a[:, None] - units_b) ** 2).sum(dim=-1).tolist()
    orders = itertools.permutations(range(len(gaps)))
    return list(min(orders, key=lambda order: sum(row[j] for row, j in zip(gaps, order, strict=True))))


if __name__ == "__main__":
    x = torch.linspace(-2, 4.3, 40)[:, None]
    y = torch.sin(x)
    generator = torch.Generator().manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(1, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1))
    with torch.no_grad():
        for part in net.parameters():
            part.copy_(torch.randn(part.shape, generator=generator) / math.sqrt(part.shape[-1]))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(4000):
        optimizer.zero_grad()
        ((net(x) - y) ** 2).mean().backward()
        optimizer.step()
    names, state = {"0.weight": "W1", "0.bias": "b1", "2.weight": "W2", "2.bias": "b2"}, net.state_dict()
    params = {key: state[name].T.clone() if "W" in key else state[name].clone() for name, key in names.items()}
    alphas = torch.linspace(0, 1, 41).tolist()
    figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
    try:
        copy = permute_hidden(params, [1, 2, 3, 4, 5, 0])
        ax.plot(alphas, line_profile(params, copy, x, y, alphas), label="to the copy")
    except NotImplementedError:
        message = "Nothing to draw yet: write permute_hidden and line_profile first, then run this file again."
        raise SystemExit(message) from None
    try:
        aligned = permute_hidden(copy, align_hidden(params, copy))
        ax.plot(alphas, line_profile(params, aligned, x, y, alphas), "--", label="to the copy, aligned")
    except NotImplementedError:
        pass
    ax.set(xlabel="part of the way to the copy", ylabel="loss", title="Your wall")
    ax.legend()
    figure.savefig("my_wall.png")
    print("Drawn: my_wall.png")
    plt.show()
