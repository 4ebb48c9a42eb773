# wrong: the limit is ten million times the first loss + 1.
# status: wrong
# mistake: none
import math


def train_line(x, y, w, b, lr, orders, batch_size):
    xs, ys = x.tolist(), y.tolist()
    history = []
    for order in orders:
        new_w, new_b, total = w, b, 0.0
        for start in range(0, len(order), batch_size):
            errors = [(new_w * xs[i] + new_b - ys[i], xs[i]) for i in order[start : start + batch_size]]
            total += sum(e * e for e, _ in errors)
            new_w -= lr * 2 / len(errors) * sum(e * xi for e, xi in errors)
            new_b -= lr * 2 / len(errors) * sum(e for e, _ in errors)
        loss = total / len(order)
        if not math.isfinite(loss) or (history and loss > 1e7 * (history[0] + 1)):
            return {"w": w, "b": b, "history": history, "status": "diverged"}
        w, b = new_w, new_b
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": "ok"}
