# right: small functions for batches, a step and an epoch; the epoch raises where it diverges.
import math


class Diverged(Exception):
    pass


def quiz():
    answers = {}
    answers["q1"] = answers["q2"] = answers["q4"] = answers["q5"] = "b"
    answers["q3"] = "a"
    answers["q6"] = "c"
    return answers


def batches(order, size):
    for start in range(0, len(order), size):
        yield order[start : start + size]


def step(x, y, w, b, lr):
    error = w * x + b - y
    return w - lr * (2 * error * x).mean().item(), b - lr * (2 * error).mean().item(), (error * error).sum().item()


def run_epoch(x, y, w, b, lr, order, size, first):
    total = 0.0
    for batch in batches(order, size):
        w, b, squares = step(x[batch], y[batch], w, b, lr)
        total += squares
    loss = total / len(order)
    if math.isnan(loss) or math.isinf(loss) or loss > 1e6 * ((loss if first is None else first) + 1):
        raise Diverged
    return w, b, loss


def train_line(x, y, w, b, lr, orders, batch_size):
    history = []
    for order in orders:
        try:
            w, b, loss = run_epoch(x, y, w, b, lr, order, batch_size, history[0] if history else None)
        except Diverged:
            return {"w": w, "b": b, "history": history, "status": "diverged"}
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": "ok"}
