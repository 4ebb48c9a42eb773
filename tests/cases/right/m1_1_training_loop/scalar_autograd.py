# right: a small autograd engine over floats, as one writes it to learn how backward works.
class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


def mse(x, y, w, b):
    total = Value(0.0)
    for xi, yi in zip(x.tolist(), y.tolist()):
        error = w * xi + b + -yi
        total = total + error * error
    return total * (1.0 / len(x))


def best_constant(y):
    flat = y * 0
    w, c = Value(0.0), Value(0.0)
    mse(flat, y, w, c).backward()
    # The slope at 0 is -2 * mean(y), and the curvature is 2.
    c = Value(-c.grad / 2)
    return c.data, mse(flat, y, w, c).data


def training_step(x, y, w, b, lr):
    w, b = Value(w), Value(b)
    loss = mse(x, y, w, b)
    loss.backward()
    return {
        "loss": loss.data,
        "grad_w": w.grad,
        "grad_b": b.grad,
        "w": w.data - lr * w.grad,
        "b": b.data - lr * b.grad,
    }


def train(x, y, w, b, lr, steps):
    w, b = Value(w), Value(b)
    losses = []
    for _ in range(steps):
        loss = mse(x, y, w, b)
        losses.append(loss.data)
        w.grad = b.grad = 0.0
        loss.backward()
        for parameter in (w, b):
            parameter.data -= lr * parameter.grad
    return {"w": w.data, "b": b.data, "losses": losses}
