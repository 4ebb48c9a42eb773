# right: torch.autograd.grad, which fills no .grad; the trained numbers are a fresh leaf in every step.
import torch


def best_constant(y):
    # One Newton step from anywhere: the loss is a parabola.
    c = torch.zeros((), requires_grad=True)
    (slope,) = torch.autograd.grad(((c - y) ** 2).mean(), c, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, c)
    best = (c - slope / curvature).detach()
    return best.item(), ((best - y) ** 2).mean().item()


def one_step(x, y, w, b, lr):
    w, b = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    loss = torch.mean((y - (x * w + b)) ** 2)
    dw, db = torch.autograd.grad(loss, [w, b])
    return loss.item(), dw.item(), db.item(), (w - lr * dw).item(), (b - lr * db).item()


def training_step(x, y, w, b, lr):
    return dict(zip(("loss", "grad_w", "grad_b", "w", "b"), one_step(x, y, w, b, lr)))


def train(x, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        loss, _, _, w, b = one_step(x, y, w, b, lr)
        losses += [loss]
    return {"losses": losses, "w": w, "b": b}
