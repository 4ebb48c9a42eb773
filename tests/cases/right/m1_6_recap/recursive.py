# right: a recursion over the epochs, which passes the first loss on.
import math


def quiz():
    first, second = ("b", "b", "a"), ("b", "b", "c")
    return {f"q{i}": letter for i, letter in enumerate(first + second, 1)}


def _epoch(x, y, w, b, lr, order, batch_size):
    if not order:
        return w, b, 0.0
    batch, rest = order[:batch_size], order[batch_size:]
    error = w * x[batch] + b - y[batch]
    squares = error.square().sum().item()
    w, b = w - lr * 2 * (error * x[batch]).mean().item(), b - lr * 2 * error.mean().item()
    w, b, others = _epoch(x, y, w, b, lr, rest, batch_size)
    return w, b, squares + others


def train_line(x, y, w, b, lr, orders, batch_size, first=None):
    if not orders:
        return {"w": w, "b": b, "history": [], "status": "ok"}
    new_w, new_b, total = _epoch(x, y, w, b, lr, orders[0], batch_size)
    loss = total / len(orders[0])
    first = loss if first is None else first
    if not math.isfinite(loss) or loss > 1e6 * (first + 1):
        return {"w": w, "b": b, "history": [], "status": "diverged"}
    rest = train_line(x, y, new_w, new_b, lr, orders[1:], batch_size, first)
    return {**rest, "history": [loss, *rest["history"]]}
