# right: a class of its own, with two nn.Parameters and a forward.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Constant(nn.Module):
    def __init__(self, y):
        super().__init__()
        self.register_buffer("value", y.mean())

    def forward(self, y):
        return self.value.expand_as(y)


class LinearRegression(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w))
        self.b = nn.Parameter(torch.tensor(b))

    def forward(self, x):
        return self.w * x + self.b


def best_constant(y):
    model = Constant(y)
    return model.value.item(), F.mse_loss(model(y), y).item()


def training_step(x, y, w, b, lr):
    model = LinearRegression(w, b)
    model.train()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    report = {"loss": loss.item(), "grad_w": model.w.grad.item(), "grad_b": model.b.grad.item()}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= lr * parameter.grad
    report.update({name: parameter.item() for name, parameter in model.named_parameters()})
    return report


def train(x, y, w, b, lr, steps):
    model = LinearRegression(w, b)
    history = []
    for _ in range(steps):
        loss = F.mse_loss(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= lr * parameter.grad
        history.append(loss.item())
    return {"w": model.w.item(), "b": model.b.item(), "losses": history}
