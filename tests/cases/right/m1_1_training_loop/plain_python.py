# right: lists and floats only, one point after the other.
def best_constant(y):
    values = y.tolist()
    c = sum(values) / len(values)
    total = 0.0
    for value in values:
        total += (value - c) ** 2
    return c, total / len(values)


def training_step(x, y, w, b, lr):
    xs, ys = x.tolist(), y.tolist()
    n = len(xs)
    loss, dw, db = 0, 0, 0
    for i in range(n):
        difference = ys[i] - (w * xs[i] + b)
        loss += difference * difference
        dw += -2 * xs[i] * difference
        db += -2 * difference
    loss, dw, db = loss / n, dw / n, db / n
    return {"loss": loss, "grad_w": dw, "grad_b": db, "w": w - lr * dw, "b": b - lr * db}


def train(x, y, w, b, lr, steps):
    losses = []
    while len(losses) < steps:
        step = training_step(x, y, w, b, lr)
        losses.append(step["loss"])
        w, b = step["w"], step["b"]
    return {"w": w, "b": b, "losses": losses}
