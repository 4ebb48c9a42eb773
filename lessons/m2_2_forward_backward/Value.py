"""Value must compute what its operations say, and backward must find every slope, whatever the graph looks like."""

import math
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring import StudentFunction, assert_close, variant

INPUT = st.sampled_from([2.0, -1.0, 0.5, *(eighths / 8 for eighths in range(-16, 17))])
"""The first ones are those that a smallest failing program has: with zeros it would show little."""
LARGEST = 16.0
"""No value of a drawn program is larger: float32 is precise enough for its slopes."""
FROM_KINK = 1 / 16
"""Inputs of relu are at least as far from 0, where its slope jumps."""
SUMS = ("{} + {}", "{} + {:n}", "{:n} + {}")
PRODUCTS = ("{} * {}", "{} * {:n}", "{:n} * {}", "-{}", "{} - {}", "{} - {:n}", "{:n} - {}")
POWERS = ("{}**2", "{}**3", "{}**1")
FUNCTIONS = ("{}.tanh()", "{}.relu()")


@st.composite
def programs(draw: st.DrawFn, *kinds: str) -> str:
    """Draw lines of Python: up to three values and up to six operations, each with values that are there already."""
    leaves = {name: draw(INPUT) for name in "abc"[: draw(st.integers(1, 3))]}
    lines, known = [f"{name} = Value({number})" for name, number in leaves.items()], dict(leaves)
    for name in "uvwxyz"[: draw(st.integers(1, 6))]:
        template = draw(st.sampled_from(kinds))
        names = [draw(st.sampled_from(sorted(known))) for _ in range(template.count("{}"))]
        line = template.replace("{:n}", str(draw(INPUT))).format(*names)
        number = _evaluated(line, known)
        is_at_kink = ".relu" in line and abs(known[names[0]]) < FROM_KINK
        if abs(number) <= LARGEST and not is_at_kink:
            lines.append(f"{name} = {line}")
            known[name] = number
    return finished(lines, list(leaves), list(known)[-1])


def _evaluated(line: str, known: dict[str, float]) -> float:
    tensors = {name: torch.tensor(number, dtype=torch.float64) for name, number in known.items()}
    return float(eval(line, {}, tensors))  # noqa: S307  the checks write the lines


def finished(lines: list[str], leaves: list[str], last: str) -> str:
    """Return a program that walks back from a value, and shows it and the slopes along the leaves."""
    shown = ", ".join([f'"{last}": {last}.data', *(f'"{name}.grad": {name}.grad' for name in leaves if name != last)])
    return "\n".join([*lines, f"{last}.backward()", f"{{{shown}}}"])


def program(leaves: dict[str, float], *lines: str) -> str:
    """Return a program with these values and lines; the last line computes the value to walk back from."""
    first = [f"{name} = Value({number})" for name, number in leaves.items()]
    return finished([*first, *lines], list(leaves), lines[-1].partition(" =")[0])


def _by_torch(code: str) -> dict[str, float]:
    """Return what a program gives if its values are tensors of PyTorch, whose autograd walks back."""

    def leaf(number: float) -> torch.Tensor:
        tensor = torch.tensor(number, dtype=torch.float64, requires_grad=True)
        tensor.grad = torch.tensor(0.0, dtype=torch.float64)
        return tensor

    *before, last = code.split("\n")
    names: dict[str, Any] = {"Value": leaf}
    exec("\n".join(before), names)  # noqa: S102  the checks write the lines
    return {name: float(number) for name, number in eval(last, names).items()}  # noqa: S307  the same


def _assert_like_torch(Value: StudentFunction, code: str) -> None:
    expected = _by_torch(code)
    size = 1 + max(map(abs, expected.values()))
    assert_close(Value.run(code), expected, scale=size)


@given(code=programs(*SUMS))
@example(code=program({"a": 2.0, "b": -0.5}, "f = a + b"))
@example(code=program({"a": 2.0}, "f = a + a"))
@example(code=program({"a": 2.0}, "u = a + 1.5", "f = 3 + u"))
def test_sums(Value: StudentFunction, code: str) -> None:
    """A sum is the sum, and passes the gradient that arrives on to both of its terms.

    Used twice, as in a + a, a value gets two gradients, and they add up. The expected slopes are those of PyTorch.
    """
    _assert_like_torch(Value, code)


@given(code=programs(*SUMS, *PRODUCTS))
@example(code=program({"a": 2.0, "b": -0.5}, "f = a * b"))
@example(code=program({"a": 3.0}, "f = a * a"))
@example(code=program({"a": 2.0, "b": -3.0}, "u = a * b", "v = u * a", "f = 2 * v"))
@example(code=program({"a": 2.0, "b": -3.0}, "u = 3 - a", "f = u - b"))
def test_products(Value: StudentFunction, code: str) -> None:
    """A product is the product, and each factor gets the gradient that arrives, times the other factor.

    In 2 * a and a * 2 the number 2 is a factor as well. The expected slopes are those of PyTorch.
    """
    _assert_like_torch(Value, code)


@given(code=programs(*SUMS, *PRODUCTS, *POWERS))
@example(code=program({"a": 3.0}, "f = a**3"))
@example(code=program({"a": 3.0, "b": -2.0}, "u = a**2", "f = u * b"))
@example(code=program({"a": 2.0}, "f = a**-1"))
@example(code=program({"a": 3.0}, "u = a**2", "f = u * a"))
def test_powers(Value: StudentFunction, code: str) -> None:
    """The slope of a**n is n * a**(n - 1), times the gradient that arrives.

    The exponent is an ordinary number, and there is no slope along it. The expected slopes are those of PyTorch.
    """
    _assert_like_torch(Value, code)


@given(code=programs(*SUMS, *PRODUCTS, "{}.tanh()"))
@example(code=program({"a": 0.5}, "f = a.tanh()"))
@example(code=program({"a": 0.5, "b": -2.0}, "u = a.tanh()", "f = u * b"))
def test_tanh(Value: StudentFunction, code: str) -> None:
    """The slope of tanh is 1 - t**2, with t the value that comes out of it, times the gradient that arrives.

    So the forward pass has computed it already. The expected slopes are those of PyTorch.
    """
    _assert_like_torch(Value, code)


@given(code=programs(*SUMS, *PRODUCTS, "{}.relu()"))
@example(
    code=program(
        {"a": 0.5, "b": -2.0, "c": 0.0}, "u = a.relu()", "v = b.relu()", "w = c.relu()", "f = 4 * v - 3 * u + w"
    )
)
@example(code=program({"a": 2.0, "b": 0.5}, "u = a * b", "v = u.relu()", "f = v * u"))
def test_relu(Value: StudentFunction, code: str) -> None:
    """Relu lets the gradient pass where its input is positive, and stops it where the input is negative or 0.

    What matters is the sign of the input, never that of the gradient. The expected slopes are those of PyTorch.
    """
    _assert_like_torch(Value, code)


@given(a=INPUT, b=INPUT, c=INPUT)
@example(a=2.0, b=-3.0, c=0.5)
def test_places_add_up(Value: StudentFunction, a: float, b: float, c: float) -> None:
    """The slope along a value that is used in three places is the sum of the slopes along three separate values.

    For the graph it makes no difference that the three happen to be one: each use sends its gradient back, and the
    gradients of one value add up. So do those of two losses, each with its own backward pass.
    """
    shared = Value.run(program({"a": a, "b": b, "c": c}, "f = (a * b + a) * (a + c)"))
    leaves = {"a1": a, "a2": a, "a3": a, "b": b, "c": c}
    apart = Value.run(program(leaves, "f = (a1 * b + a2) * (a3 + c)"))
    expected = apart["a1.grad"] + apart["a2.grad"] + apart["a3.grad"]
    says = "The slope along a is not the sum of the slopes along a1, a2 and a3, one for each place."
    assert_close(shared["a.grad"], expected, scale=1 + (abs(a) + abs(b) + abs(c)) ** 2, says=says)
    lines = f"a, b, c = Value({a}), Value({b}), Value({c})\nf = a * b\nf.backward()\ng = a * c\ng.backward()\na.grad"
    says = "After f.backward() and g.backward(), a.grad is not the sum of both slopes."
    assert_close(Value.run(lines), b + c, scale=1 + abs(b) + abs(c), says=says)


@given(code=programs(*SUMS, *PRODUCTS, *POWERS, *FUNCTIONS))
@example(code=program({"a": 2.0}, "u = a + a", "f = u * u + u"))
@example(code=program({"a": 0.5, "b": -3.0}, "u = a * b", "v = u + a", "w = v * u", "f = w + v"))
@example(code=program({"a": 0.5}, "u = a + 1", "v = u * u", "w = v * u", "f = w + v"))
@example(code=program({"a": 0.5}, "u = a * a", "v = u.tanh()", "w = v * v", "f = u + w"))
@example(code=program({"a": 0.5}, "u = a * a", "v = u.tanh()", "w = v * v", "f = w + u"))
def test_any_graph(Value: StudentFunction, code: str) -> None:
    """Whatever the graph looks like, every slope is right: a value passes its gradient on when all of it has arrived.

    If it does so earlier, what arrives later is lost or counts twice. So walk back in the opposite order of the
    forward pass. The expected slopes are those of PyTorch.
    """
    _assert_like_torch(Value, code)


@given(a=INPUT, b=INPUT)
@example(a=2.0, b=-3.0)
def test_only_backward(Value: StudentFunction, a: float, b: float) -> None:
    """Before backward every grad is 0; afterwards the value itself has the gradient 1, and no number has changed.

    Along itself, a value rises as fast as it rises. A backward pass finds slopes and leaves the numbers alone.
    """
    lines = f"a, b = Value({a}), Value({b})\nu = a * b\nf = u + a\n"
    before = Value.run(f"{lines}[a.grad, b.grad, u.grad, f.grad]")
    assert_close(before, [0.0] * 4, says="A grad is not 0 before backward is called.")
    after = Value.run(f"{lines}f.backward()\n[a.data, b.data, u.data, f.data]")
    assert_close(after, [a, b, a * b, a * b + a], scale=20, says="A number is not the same after backward.")
    own = Value.run(f"{lines}f.backward()\nf.grad")
    assert_close(own, 1.0, says="After f.backward(), f.grad is not 1.")


# Right answers in other styles


@variant
class LocalSlopes:
    """Each value keeps its parents with the slopes along them, as numbers; one loop in backward does the rest."""

    def __init__(self, data: float, edges: Any = ()) -> None:
        self.data, self.grad, self.edges = data, 0.0, edges

    def _lifted(self, other: Any) -> "LocalSlopes":
        return other if isinstance(other, LocalSlopes) else LocalSlopes(other)

    def __add__(self, other: Any) -> "LocalSlopes":
        other = self._lifted(other)
        return LocalSlopes(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other: Any) -> "LocalSlopes":
        other = self._lifted(other)
        return LocalSlopes(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, n: int) -> "LocalSlopes":
        return LocalSlopes(self.data**n, [(self, n * self.data ** (n - 1))])

    def __neg__(self) -> "LocalSlopes":
        return LocalSlopes(-self.data, [(self, -1.0)])

    def __sub__(self, other: Any) -> "LocalSlopes":
        return self + -self._lifted(other)

    def __rsub__(self, other: Any) -> "LocalSlopes":
        return LocalSlopes(other) - self

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self) -> "LocalSlopes":
        t = math.tanh(self.data)
        return LocalSlopes(t, [(self, 1 - t * t)])

    def relu(self) -> "LocalSlopes":
        return LocalSlopes(self.data, [(self, 1.0)]) if self.data > 0 else LocalSlopes(0.0, [(self, 0.0)])

    def backward(self) -> None:
        uses: dict[int, int] = {}
        waiting, nodes = [self], {id(self): self}
        while waiting:
            for parent, _ in waiting.pop().edges:
                uses[id(parent)] = uses.get(id(parent), 0) + 1
                if id(parent) not in nodes:
                    nodes[id(parent)] = parent
                    waiting.append(parent)
        self.grad, ready = 1.0, [self]
        while ready:
            node = ready.pop()
            for parent, slope in node.edges:
                parent.grad += slope * node.grad
                uses[id(parent)] -= 1
                if not uses[id(parent)]:
                    ready.append(parent)


@variant
class Micrograd:
    """As in micrograd: a set of children, a closure named _backward, and the topological order inside backward."""

    def __init__(self, data: Any, _children: Any = (), _op: str = "") -> None:
        self.data = data
        self.grad: Any = 0
        self._backward: Any = lambda: None
        self._prev = set(_children)
        self._op = _op

    def __add__(self, other: Any) -> "Micrograd":
        other = other if isinstance(other, Micrograd) else Micrograd(other)
        out = Micrograd(self.data + other.data, (self, other), "+")

        def _backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Any) -> "Micrograd":
        other = other if isinstance(other, Micrograd) else Micrograd(other)
        out = Micrograd(self.data * other.data, (self, other), "*")

        def _backward() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other: float) -> "Micrograd":
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Micrograd(self.data**other, (self,), f"**{other}")

        def _backward() -> None:
            self.grad += (other * self.data ** (other - 1)) * out.grad

        out._backward = _backward
        return out

    def tanh(self) -> "Micrograd":
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        out = Micrograd(t, (self,), "tanh")

        def _backward() -> None:
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def relu(self) -> "Micrograd":
        out = Micrograd(max(self.data, 0), (self,), "ReLU")

        def _backward() -> None:
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def backward(self) -> None:
        topo: list[Micrograd] = []
        visited: set[Micrograd] = set()

        def build_topo(v: "Micrograd") -> None:
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1
        for v in reversed(topo):
            v._backward()

    def __neg__(self) -> "Micrograd":
        return self * -1

    def __radd__(self, other: float) -> "Micrograd":
        return self + other

    def __sub__(self, other: "Micrograd | float") -> "Micrograd":
        return self + (-other)

    def __rsub__(self, other: float) -> "Micrograd":
        return other + (-self)

    def __rmul__(self, other: float) -> "Micrograd":
        return self * other


@variant
class PathByPath:
    """No order at all: each gradient that arrives is passed on at once, path by path."""

    def __init__(self, data: float, parents: Any = (), slopes: Any = ()) -> None:
        self.data, self.grad = float(data), 0.0
        self.parents, self.slopes = parents, slopes

    def __add__(self, other: Any) -> "PathByPath":
        if not isinstance(other, PathByPath):
            return PathByPath(self.data + other, [self], [1.0])
        return PathByPath(self.data + other.data, [self, other], [1.0, 1.0])

    def __mul__(self, other: Any) -> "PathByPath":
        if not isinstance(other, PathByPath):
            return PathByPath(self.data * other, [self], [other])
        return PathByPath(self.data * other.data, [self, other], [other.data, self.data])

    def __pow__(self, n: int) -> "PathByPath":
        return PathByPath(self.data**n, [self], [n * self.data ** (n - 1)])

    def __radd__(self, other: float) -> "PathByPath":
        return self + other

    def __rmul__(self, other: float) -> "PathByPath":
        return self * other

    def __neg__(self) -> "PathByPath":
        return -1 * self

    def __sub__(self, other: "PathByPath | float") -> "PathByPath":
        return self + (-1) * other

    def __rsub__(self, other: float) -> "PathByPath":
        return other + (-1) * self

    def tanh(self) -> "PathByPath":
        return PathByPath(math.tanh(self.data), [self], [1 / math.cosh(self.data) ** 2])

    def relu(self) -> "PathByPath":
        return PathByPath(max(self.data, 0.0), [self], [float(self.data > 0)])

    def backward(self, arriving: float = 1.0) -> None:
        self.grad += arriving
        for parent, slope in zip(self.parents, self.slopes, strict=True):
            parent.backward(slope * arriving)


@variant
class Float32:
    """float32 tensors without dimensions in data and grad, and a list of all values in the order of their making."""

    made: list["Float32"] = []  # noqa: RUF012  one list for all values is the style

    def __init__(self, data: Any) -> None:
        self.data = torch.as_tensor(data, dtype=torch.float32)
        self.grad = torch.zeros(())
        self.pass_on: Any = lambda: None
        Float32.made.append(self)

    def _combined(self, data: Any, *pairs: Any) -> "Float32":
        out = Float32(data)

        def pass_on() -> None:
            for value, slope in pairs:
                if isinstance(value, Float32):
                    value.grad = value.grad + slope * out.grad

        out.pass_on = pass_on
        return out

    def __add__(self, other: Any) -> "Float32":
        number = other.data if isinstance(other, Float32) else other
        return self._combined(self.data + number, (self, 1.0), (other, 1.0))

    def __mul__(self, other: Any) -> "Float32":
        number = other.data if isinstance(other, Float32) else other
        return self._combined(self.data * number, (self, number), (other, self.data))

    def __sub__(self, other: Any) -> "Float32":
        number = other.data if isinstance(other, Float32) else other
        return self._combined(self.data - number, (self, 1.0), (other, -1.0))

    def __rsub__(self, other: Any) -> "Float32":
        return self._combined(other - self.data, (self, -1.0))

    def __neg__(self) -> "Float32":
        return 0 - self

    def __pow__(self, n: int) -> "Float32":
        return self._combined(self.data**n, (self, n * self.data ** (n - 1)))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self) -> "Float32":
        t = torch.tanh(self.data)
        return self._combined(t, (self, 1 - t**2))

    def relu(self) -> "Float32":
        return self._combined(torch.relu(self.data), (self, (self.data > 0).float()))

    def backward(self) -> None:
        self.grad = torch.ones(())
        for value in reversed(Float32.made):
            value.pass_on()
        Float32.made.clear()
