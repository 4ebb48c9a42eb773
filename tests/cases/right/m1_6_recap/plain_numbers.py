# right: plain Python numbers, and no power that could overflow.
import math


def quiz():
    return {"q1": " b", "q2": "b ", "q3": "a)", "q4": "(b)", "q5": "b.", "q6": "C"}


def train_line(x, y, w, b, lr, orders, batch_size):
    xs, ys = x.tolist(), y.tolist()
    history = []
    for order in orders:
        new_w, new_b, total = w, b, 0.0
        for start in range(0, len(order), batch_size):
            errors = [(new_w * xs[i] + new_b - ys[i], xs[i]) for i in order[start : start + batch_size]]
            n = len(errors)
            total += sum(e * e for e, _ in errors)
            new_w -= lr * 2 / n * sum(e * xi for e, xi in errors)
            new_b -= lr * 2 / n * sum(e for e, _ in errors)
        loss = total / len(order)
        if not math.isfinite(loss) or (history and loss > 1e6 * (history[0] + 1)):
            return dict(w=w, b=b, history=history, status="diverged")
        w, b = new_w, new_b
        history.append(loss)
    return dict(w=w, b=b, history=history, status="ok")
