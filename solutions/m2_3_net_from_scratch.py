"""Lesson 2.3: A simple neural net from scratch.

The first weights, the four gradients, and the training of a network, by hand; then the same network in PyTorch.
"""

import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn


def init_params(d_in: int, d_hidden: int, d_out: int, seed: int) -> dict[str, Tensor]:
    """Return the first parameters of a network with one hidden layer, drawn at random.

    In the result, "W1" has shape (d_in, d_hidden), "b1" (d_hidden,), "W2" (d_hidden, d_out) and "b2" (d_out,), all of
    them float32. The weights are normally distributed with mean 0 and standard deviation 1 / sqrt(fan_in), where
    fan_in is the number of inputs of their layer; the biases are 0. The same seed gives the same numbers, another seed
    gives others, and the program's other random numbers are not disturbed. Many answers are right.

    >>> {name: tuple(part.shape) for name, part in init_params(3, 4, 2, seed=0).items()}
    {'W1': (3, 4), 'b1': (4,), 'W2': (4, 2), 'b2': (2,)}
    """
    generator = torch.Generator().manual_seed(seed)
    W1 = torch.randn(d_in, d_hidden, generator=generator) / d_in**0.5
    W2 = torch.randn(d_hidden, d_out, generator=generator) / d_hidden**0.5
    return {"W1": W1, "b1": torch.zeros(d_hidden), "W2": W2, "b2": torch.zeros(d_out)}


def loss_and_grads(params: dict[str, Tensor], X: Tensor, Y: Tensor) -> tuple[float, dict[str, Tensor]]:
    """Return the loss of a tanh network, and the gradient along each of its four parameters.

    `X` has shape (N, D) and `Y` has shape (N, O). In `params`, "W1" has shape (D, H), "b1" (H,), "W2" (H, O) and "b2"
    (O,). The loss, a float, is the mean of the squared errors over all N * O outputs. The gradients are a dict with
    the same four keys, and each of them has the shape of what it belongs to.

    >>> params = {
    ...     "W1": torch.tensor([[2.0], [-1.0]]),
    ...     "b1": torch.tensor([0.0]),
    ...     "W2": torch.tensor([[3.0]]),
    ...     "b2": torch.tensor([1.0]),
    ... }
    >>> X, Y = torch.tensor([[1.0, 2.0], [-1.0, -2.0]]), torch.tensor([[0.0], [4.0]])
    >>> loss_and_grads(params, X, Y)
    (5.0, {'W1': tensor([[12.],
            [24.]]), 'b1': tensor([-6.]), 'W2': tensor([[0.]]), 'b2': tensor([-2.])})
    """
    h = torch.tanh(X @ params["W1"] + params["b1"])
    errors = h @ params["W2"] + params["b2"] - Y
    grad_Y = 2 * errors / errors.numel()
    grad_h = grad_Y @ params["W2"].T
    grad_z = grad_h * (1 - h**2)
    grads = {"W1": X.T @ grad_z, "b1": grad_z.sum(dim=0), "W2": h.T @ grad_Y, "b2": grad_Y.sum(dim=0)}
    return (errors**2).mean().item(), grads


def train_network(
    params: dict[str, Tensor], X: Tensor, Y: Tensor, lr: float, steps: int
) -> tuple[dict[str, Tensor], list[float]]:
    """Train a tanh network for a number of steps, and return where it ends and how the loss went.

    `X` has shape (N, D) and `Y` has shape (N, O). The training begins at `params`, a dict as in `loss_and_grads`, and
    these tensors stay as they are. The result is a pair: the trained parameters, a dict with the same keys and
    shapes, and a list of `steps` floats, in which entry t is the loss before update t.

    >>> params = {
    ...     "W1": torch.tensor([[2.0], [-1.0]]),
    ...     "b1": torch.tensor([0.0]),
    ...     "W2": torch.tensor([[3.0]]),
    ...     "b2": torch.tensor([1.0]),
    ... }
    >>> X, Y = torch.tensor([[1.0, 2.0], [-1.0, -2.0]]), torch.tensor([[0.0], [4.0]])
    >>> train_network(params, X, Y, 0.125, 1)
    ({'W1': tensor([[ 0.5000],
            [-4.0000]]), 'b1': tensor([0.7500]), 'W2': tensor([[3.]]), 'b2': tensor([1.2500])}, [5.0])
    """
    params = {name: part.clone() for name, part in params.items()}
    losses = []
    for _ in range(steps):
        loss, grads = loss_and_grads(params, X, Y)
        losses.append(loss)
        params = {name: part - lr * grads[name] for name, part in params.items()}
    return params, losses


class TanhNet(nn.Module):
    """The same network as a module of PyTorch, which `torch.optim` can train.

    `TanhNet(params)` starts with copies of the four tensors, `net(X)` gives the outputs, and `net.to_params()` returns
    the parameters as they are now. In both dicts "W1" has shape (D, H), "b1" (H,), "W2" (H, O) and "b2" (O,).

    >>> params = {
    ...     "W1": torch.tensor([[2.0], [-1.0]]),
    ...     "b1": torch.tensor([0.0]),
    ...     "W2": torch.tensor([[3.0]]),
    ...     "b2": torch.tensor([1.0]),
    ... }
    >>> net = TanhNet(params)
    >>> optimizer = torch.optim.SGD(net.parameters(), lr=0.125)
    >>> loss = ((net(torch.tensor([[1.0, 2.0], [-1.0, -2.0]])) - torch.tensor([[0.0], [4.0]])) ** 2).mean()
    >>> loss.backward()
    >>> optimizer.step()
    >>> loss.item(), net.to_params()["W1"]
    (5.0, tensor([[ 0.5000],
            [-4.0000]]))
    """

    def __init__(self, params: dict[str, Tensor]) -> None:
        """Make the two layers, and let them start with copies of the tensors in `params`."""
        super().__init__()
        self.hidden = nn.Linear(*params["W1"].shape)
        self.output = nn.Linear(*params["W2"].shape)
        with torch.no_grad():
            self.hidden.weight.copy_(params["W1"].T)
            self.hidden.bias.copy_(params["b1"])
            self.output.weight.copy_(params["W2"].T)
            self.output.bias.copy_(params["b2"])

    def forward(self, X: Tensor) -> Tensor:
        """Return the outputs of the network, of shape (N, O)."""
        h = torch.tanh(self.hidden(X))
        outputs: Tensor = self.output(h)
        return outputs

    def to_params(self) -> dict[str, Tensor]:
        """Return copies of the four parameters as they are now, in the layout of `params`."""
        return {
            "W1": self.hidden.weight.detach().T.clone(),
            "b1": self.hidden.bias.detach().clone(),
            "W2": self.output.weight.detach().T.clone(),
            "b2": self.output.bias.detach().clone(),
        }


if __name__ == "__main__":
    x = torch.linspace(-math.pi, math.pi, 40)[:, None]
    y = torch.sin(x)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5))
    try:
        params, losses = init_params(1, 16, 1, seed=0), []
        left.plot(x, y, "o", color="C7", label="data")
        for steps in (50, 450, 2500):
            params, more = train_network(params, x, y, 0.05, steps)
            losses += more
            h = torch.tanh(x @ params["W1"] + params["b1"])
            left.plot(x, h @ params["W2"] + params["b2"], label=f"after {len(losses)} steps")
    except NotImplementedError:
        message = "Nothing to draw yet: write init_params, loss_and_grads and train_network, then run this file again."
        raise SystemExit(message) from None
    left.set(xlabel="x", ylabel="output", title="Your network learns the sine")
    left.legend()
    right.loglog(range(1, len(losses) + 1), losses, label="by hand")
    try:
        net, by_optimizer = TanhNet(init_params(1, 16, 1, seed=0)), []
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(len(losses)):
            loss = ((net(x) - y) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            by_optimizer.append(loss.item())
        right.loglog(range(1, len(losses) + 1), by_optimizer, "--", label="by torch.optim.SGD")
    except NotImplementedError:
        pass
    right.set(xlabel="step", ylabel="loss", title="Its loss, both axes logarithmic")
    right.legend()
    figure.savefig("my_network.png")
    print("Drawn: my_network.png")
    plt.show()
