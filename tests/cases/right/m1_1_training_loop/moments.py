# right: all from five means, which are computed once.
import torch


def best_constant(y):
    deviations = y - y.mean()
    return y.mean().item(), torch.dot(deviations, deviations).div(y.numel()).item()


def moments(x, y):
    return [v.mean().item() for v in (x, y, x * x, x * y, y * y)]


def at(m, w, b):
    mx, my, mxx, mxy, myy = m
    loss = w * w * mxx + b * b + myy + 2 * (w * b * mx - w * mxy - b * my)
    return loss, 2 * (w * mxx + b * mx - mxy), 2 * (w * mx + b - my)


def training_step(x, y, w, b, lr):
    loss, grad_w, grad_b = at(moments(x, y), w, b)
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def train(x, y, w, b, lr, steps):
    m, losses = moments(x, y), []
    for _ in range(steps):
        loss, grad_w, grad_b = at(m, w, b)
        losses.append(loss)
        w -= lr * grad_w
        b -= lr * grad_b
    return {"w": w, "b": b, "losses": losses}
