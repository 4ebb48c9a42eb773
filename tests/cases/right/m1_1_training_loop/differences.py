# right: no calculus at all: slopes from losses to the left and to the right, exact for a parabola.
import statistics


def best_constant(y):
    values = y.tolist()
    return statistics.fmean(values), statistics.pvariance(values)


def loss_of(x, y, w, b):
    return ((w * x.double() + b - y.double()) ** 2).mean().item()


def slope(f, at, h=0.5):
    return (f(at + h) - f(at - h)) / (2 * h)


def training_step(x, y, w, b, lr):
    grad_w = slope(lambda v: loss_of(x, y, v, b), w)
    grad_b = slope(lambda v: loss_of(x, y, w, v), b)
    return {
        "loss": loss_of(x, y, w, b),
        "grad_w": grad_w,
        "grad_b": grad_b,
        "w": w - lr * grad_w,
        "b": b - lr * grad_b,
    }


def train(x, y, w, b, lr, steps):
    record = [{"w": w, "b": b}]
    for _ in range(steps):
        record.append(training_step(x, y, record[-1]["w"], record[-1]["b"], lr))
    return {"w": record[-1]["w"], "b": record[-1]["b"], "losses": [each["loss"] for each in record[1:]]}
