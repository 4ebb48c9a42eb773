# right: one vector of parameters and torch.autograd.grad; a while loop over the batches.
import math

import torch


def quiz():
    return dict(q1="b", q2="b", q3="a", q4="b", q5="b", q6="c")


def train_line(x, y, w, b, lr, orders, batch_size):
    design = torch.stack([x, torch.ones(len(x))], dim=1)
    theta = torch.tensor([w, b], requires_grad=True)
    history = []
    for order in orders:
        start, position, losses, weights = theta, 0, [], []
        while position < len(order):
            chosen = torch.tensor(order[position : position + batch_size])
            loss = (design[chosen] @ theta - y[chosen]).square().mean()
            (gradient,) = torch.autograd.grad(loss, theta)
            theta = (theta - lr * gradient).detach().requires_grad_()
            losses.append(loss.item())
            weights.append(len(chosen))
            position += batch_size
        average = sum(loss * weight for loss, weight in zip(losses, weights)) / sum(weights)
        if not math.isfinite(average) or average > 1e6 * ((history or [average])[0] + 1):
            return {"w": start[0].item(), "b": start[1].item(), "history": history, "status": "diverged"}
        history.append(average)
    return {"w": theta[0].item(), "b": theta[1].item(), "history": history, "status": "ok"}
