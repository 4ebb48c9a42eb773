# right: autograd for the tensors, and Value around a tape of all operations
def mul_add_backward(a, b, c):
    leaves = torch.tensor([a, b, c], requires_grad=True)
    f = (leaves[0] * leaves[1] + leaves[0] + leaves[2]).tanh()
    f.backward()
    return dict(zip(("f", "a", "b", "c"), (f.item(), *leaves.grad.tolist())))


def linear_backward(X, W, grad_out):
    X, W = X.detach().clone().requires_grad_(), W.detach().clone().requires_grad_()
    b = torch.zeros(W.shape[1], requires_grad=True)
    ((X @ W + b) * grad_out).sum().backward()
    return X.grad, W.grad, b.grad


def unbroadcast(grad, shape):
    x = torch.ones(shape, requires_grad=True)
    (x * grad).sum().backward()
    return x.grad


TAPE = []


class Value:
    def __init__(self, data):
        self.data, self.grad = float(data), 0.0

    def _record(self, data, *edges):
        out = Value(data)
        TAPE.append((out, edges))
        return out

    def __add__(self, other):
        other = _as_value(other)
        return self._record(self.data + other.data, (self, 1), (other, 1))

    __radd__ = __add__

    def __mul__(self, other):
        other = _as_value(other)
        return self._record(self.data * other.data, (self, other.data), (other, self.data))

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + _as_value(other) * -1.0

    def __rsub__(self, other):
        return _as_value(other) - self

    def __pow__(self, n):
        return self._record(self.data**n, (self, n * self.data ** (n - 1)))

    def tanh(self):
        t = math.tanh(self.data)
        return self._record(t, (self, 1 - t**2))

    def relu(self):
        return self._record(max(self.data, 0.0), (self, 1.0 if self.data > 0 else 0.0))

    def backward(self):
        self.grad = 1.0
        for out, edges in reversed(TAPE):
            for parent, slope in edges:
                parent.grad += slope * out.grad
        TAPE.clear()
