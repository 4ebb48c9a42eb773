# right: the old idiom, .data in the update and .grad.data.zero_().
import torch
from torch.autograd import Variable


def best_constant(y):
    c = Variable(torch.mean(y))
    return c.data.item(), torch.pow(y - c, 2).sum().div(y.numel()).item()


def training_step(x, y, w, b, lr):
    w = Variable(torch.Tensor([w]), requires_grad=True)
    b = Variable(torch.Tensor([b]), requires_grad=True)
    loss = torch.mean(torch.pow(x * w + b - y, 2))
    loss.backward()
    w.data = w.data - lr * w.grad.data
    b.data = b.data - lr * b.grad.data
    return {
        "loss": loss.item(),
        "grad_w": w.grad.item(),
        "grad_b": b.grad.item(),
        "w": w.item(),
        "b": b.item(),
    }


def train(x, y, w, b, lr, steps):
    w = torch.Tensor([w])
    b = torch.Tensor([b])
    w.requires_grad = b.requires_grad = True
    losses = []
    for _ in range(steps):
        loss = ((x * w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad.data
        b.data -= lr * b.grad.data
        w.grad.data.zero_()
        b.grad.data.zero_()
    return {"w": w.item(), "b": b.item(), "losses": losses}
