# wrong: stops where the slopes fall below 1e-4, and repeats the last loss.
# status: wrong
# mistake: none
def train(x, y, w, b, lr, steps):
    xs, ys, losses = x.tolist(), y.tolist(), []
    for _ in range(steps):
        errors = [w * xi + b - yi for xi, yi in zip(xs, ys)]
        losses.append(sum(e * e for e in errors) / len(errors))
        grad_w = 2 * sum(e * xi for e, xi in zip(errors, xs)) / len(errors)
        grad_b = 2 * sum(errors) / len(errors)
        if max(abs(grad_w), abs(grad_b)) < 1e-4:
            continue
        w, b = w - lr * grad_w, b - lr * grad_b
    return {"w": w, "b": b, "losses": losses}
