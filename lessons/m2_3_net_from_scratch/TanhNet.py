"""TanhNet must be the net by hand, step by step: built from its parameters and trained by torch.optim.SGD."""

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import PARAM32, StudentFunction, assert_close, examples, largest, variant

from .shared import CURVE, FULL, KEYS, SQUARE, Net, Params, descent, error_size, nets, outputs_of, reordered, turned

BUILT = "net = TanhNet(params)\n"
TRAINED = """optimizer = torch.optim.SGD(net.parameters(), lr=lr)
for _ in range(steps):
    loss = ((net(X) - Y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
RECORDED = TRAINED.replace("optimizer = ", "losses = []\noptimizer = ", 1) + "    losses.append(loss.item())\n"

some_rates, some_steps = st.sampled_from([1 / 64, 1 / 32, 1 / 16]), st.integers(1, 3)


def _size(path: list[Params]) -> float:
    """Return the natural size of a parameter on the way."""
    return 1 + max(largest(params[key]) for params in path for key in KEYS)


def _loss_size(path: list[Params], Y: Tensor) -> float:
    return max(error_size(params, Y) for params in path) ** 2


@examples(5)
@given(net=nets())
@example(net=FULL)
@example(net=CURVE)
@example(net=SQUARE)
def test_outputs(TanhNet: StudentFunction, net: Net) -> None:
    """The module says what the net by hand says: two layers with tanh between them, from the very numbers in params.

    `nn.Linear` keeps its weight as (outputs, inputs), so W1 and W2 have to be transposed on the way in.
    """
    params, X, _ = net
    outputs = TanhNet.run(f"{BUILT}net(X).detach()", params=params, X=X)
    says = "The outputs of net(X) are not those of the net by hand."
    assert_close(outputs, outputs_of(params, X), scale=error_size(params, torch.zeros(1)), says=says)


@examples(5)
@given(net=nets())
@example(net=SQUARE)
@example(net=FULL)
def test_there_and_back(TanhNet: StudentFunction, net: Net) -> None:
    """A module that has not been trained gives back the parameters that it was built from, each in its own shape.

    What is transposed on the way in has to be transposed on the way out.
    """
    params, *_ = net
    found = TanhNet.run(f"{BUILT}net.to_params()", params=params)
    assert_close(found, params, scale=3, says="net.to_params() is not what the module was built from.")


@examples(5)
@given(net=nets())
@example(net=FULL)
def test_all_registered(TanhNet: StudentFunction, net: Net) -> None:
    """net.parameters() has exactly the (D + 1) H + (H + 1) O numbers of the network, and every one gets a gradient.

    The optimizer trains what it finds there and nothing else. A module finds parameters and modules that are its own
    attributes; it does not look into lists, and an ordinary tensor is not a parameter.
    """
    params, X, Y = net
    count = TanhNet.run(f"{BUILT}sum(part.numel() for part in net.parameters())", params=params)
    expected = sum(part.numel() for part in params.values())
    says = f"net.parameters() has {count} numbers, and the network has {expected}."
    assert_close(count, expected, tolerance=0, says=says)
    code = f"{BUILT}((net(X) - Y) ** 2).mean().backward()\nsum(part.grad.numel() for part in net.parameters())"
    count = TanhNet.run(code, params=params, X=X, Y=Y)
    assert_close(count, expected, tolerance=0, says=f"{count} numbers have a gradient, and the network has {expected}.")


@examples(5)
@given(net=nets(), lr=some_rates, steps=some_steps)
@example(net=FULL, lr=0.125, steps=1)
@example(net=FULL, lr=0.125, steps=3)
@example(net=CURVE, lr=0.125, steps=3)
@example(net=SQUARE, lr=0.125, steps=3)
def test_step_by_step(TanhNet: StudentFunction, net: Net, lr: float, steps: int) -> None:
    """Trained by torch.optim.SGD, the module has the losses of the net by hand, step by step, and ends where it ends.

    The same forward pass has the same gradients, and SGD takes the same steps. The net by hand computes in float64.
    """
    params, X, Y = net
    path, expected = descent(params, X, Y, lr, steps)
    values = {"params": params, "X": X, "Y": Y, "lr": lr, "steps": steps}
    losses = TanhNet.run(f"{BUILT}{RECORDED}losses", **values)
    says = "The losses are not those of the net by hand."
    assert_close(losses, expected, tolerance=PARAM32, scale=_loss_size(path, Y), says=says)
    trained = TanhNet.run(f"{BUILT}{TRAINED}net.to_params()", **values)
    for key in KEYS:
        says = f'After {steps} steps, "{key}" is not that of the net by hand.'
        assert_close(trained[key], path[-1][key], tolerance=PARAM32, scale=_size(path), says=says)


@examples(5)
@given(net=nets(), lr=some_rates, steps=some_steps)
@example(net=FULL, lr=0.125, steps=2)
def test_start_kept(TanhNet: StudentFunction, net: Net, lr: float, steps: int) -> None:
    """Training changes neither the tensors that the module was built from nor what to_params has returned before.

    The optimizer works in place, so whatever shares memory with a parameter changes with it. Copies do not.
    """
    params, X, Y = net
    values = {"params": params, "X": X, "Y": Y, "lr": lr, "steps": steps}
    built_from = TanhNet.run(f"{BUILT}{TRAINED}params", **values)
    assert_close(built_from, params, scale=3, says="Training the module has changed the tensors it was built from.")
    returned = TanhNet.run(f"{BUILT}before = net.to_params()\n{TRAINED}before", **values)
    assert_close(returned, params, scale=3, says="Training has changed what net.to_params() had returned before.")


@examples(5)
@given(net=nets(), lr=some_rates, turn=st.integers(1, 3))
@example(net=FULL, lr=0.125, turn=1)
@example(net=SQUARE, lr=0.125, turn=1)
def test_module_reordered(TanhNet: StudentFunction, net: Net, lr: float, turn: int) -> None:
    """Built with the hidden units in another order, the module trains to the same network, in that order.

    A column of W1, its b1 and its row of W2 are one unit, in the module as well.
    """
    params, X, Y = net
    order, (path, _) = turned(params, turn), descent(params, X, Y, lr, 2)
    code, values = f"{BUILT}{TRAINED}net.to_params()", {"X": X, "Y": Y, "lr": lr, "steps": 2}
    trained = TanhNet.run(code, params=params, **values)
    moved = TanhNet.run(code, params=reordered(params, order), **values)
    says = f"With the hidden units in the order {order}, the trained parameters are not in that order."
    assert_close(moved, reordered(trained, order), tolerance=PARAM32, scale=_size(path), says=says)


@examples(5)
@given(net=nets(), lr=some_rates)
@example(net=FULL, lr=0.125)
def test_two_modules(TanhNet: StudentFunction, net: Net, lr: float) -> None:
    """Two modules are two networks: training one leaves the other as it was.

    So each module makes layers of its own when it is built.
    """
    params, X, Y = net
    code = f"{BUILT}other = TanhNet(params)\n{TRAINED}other(X).detach()"
    outputs = TanhNet.run(code, params=params, X=X, Y=Y, lr=lr, steps=2)
    says = "After training one module, another one that was built from the same params says something else."
    assert_close(outputs, outputs_of(params, X), scale=error_size(params, torch.zeros(1)), says=says)


# Right answers in other styles


@variant
class Sequential(nn.Module):
    """nn.Sequential, filled by load_state_dict."""

    def __init__(self, params: Params) -> None:
        super().__init__()
        (d, h), o = params["W1"].shape, len(params["b2"])
        self.layers = nn.Sequential(nn.Linear(d, h), nn.Tanh(), nn.Linear(h, o))
        start = {"0.weight": params["W1"].T, "0.bias": params["b1"], "2.weight": params["W2"].T, "2.bias": params["b2"]}
        self.layers.load_state_dict(start)

    def forward(self, X: Tensor) -> Tensor:
        outputs: Tensor = self.layers(X)
        return outputs

    def to_params(self) -> Params:
        state = {name: part.clone() for name, part in self.layers.state_dict().items()}
        return {"W1": state["0.weight"].T, "b1": state["0.bias"], "W2": state["2.weight"].T, "b2": state["2.bias"]}


@variant
class OwnParameters(nn.Module):
    """nn.Parameter in the layout of the course, and matrix products; no transposition anywhere."""

    def __init__(self, params: Params) -> None:
        super().__init__()
        self.W1 = nn.Parameter(params["W1"].clone())
        self.b1 = nn.Parameter(params["b1"].clone())
        self.W2 = nn.Parameter(params["W2"].clone())
        self.b2 = nn.Parameter(params["b2"].clone())

    def forward(self, X: Tensor) -> Tensor:
        return torch.tanh(X @ self.W1 + self.b1) @ self.W2 + self.b2

    def to_params(self) -> Params:
        return {key: getattr(self, key).detach().clone() for key in KEYS}


@variant
class Dictionary(nn.Module):
    """nn.ParameterDict, registered in a loop; to_params keeps the record of autograd."""

    def __init__(self, params: Params) -> None:
        super().__init__()
        self.parts = nn.ParameterDict()
        for key, part in params.items():
            self.parts[key] = nn.Parameter(torch.empty_like(part).copy_(part))

    def forward(self, X: Tensor) -> Tensor:
        h = (X.mm(self.parts["W1"]) + self.parts["b1"]).tanh()
        return torch.addmm(self.parts["b2"], h, self.parts["W2"])

    def to_params(self) -> Params:
        return {key: part.clone() for key, part in self.parts.items()}


@variant
class Data(nn.Module):
    """Weights set by .data, as older tutorials do, and nn.functional."""

    def __init__(self, params: Params) -> None:
        nn.Module.__init__(self)
        self.fc1 = nn.Linear(params["W1"].size(0), params["W1"].size(1))
        self.fc2 = nn.Linear(params["W2"].size(0), params["W2"].size(1))
        self.fc1.weight.data = params["W1"].t().contiguous().clone()
        self.fc1.bias.data = params["b1"].clone()
        self.fc2.weight.data = params["W2"].t().contiguous().clone()
        self.fc2.bias.data = params["b2"].clone()

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.tanh(nn.functional.linear(x, self.fc1.weight, self.fc1.bias))
        return nn.functional.linear(x, self.fc2.weight, self.fc2.bias)

    def to_params(self) -> Params:
        return {
            "b1": self.fc1.bias.data.clone(),
            "W1": self.fc1.weight.data.t().clone(),
            "b2": self.fc2.bias.data.clone(),
            "W2": self.fc2.weight.data.t().clone(),
        }


@variant
class Float32(nn.Module):
    """float32 parameters in a list, registered by name."""

    def __init__(self, params: Params) -> None:
        super().__init__()
        for key in KEYS:
            self.register_parameter(key, nn.Parameter(torch.tensor(params[key].tolist(), dtype=torch.float32)))

    def forward(self, X: Tensor) -> Tensor:
        W1, b1, W2, b2 = self.parameters()
        z = X.float() @ W1 + b1
        h = (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())
        return h @ W2 + b2

    def to_params(self) -> Params:
        return dict(zip(KEYS, (torch.tensor(part.tolist()) for part in self.parameters()), strict=True))
