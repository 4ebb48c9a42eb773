# right: everything in float64, whatever comes in.
import torch


def best_constant(y):
    y = y.to(torch.float64)
    return y.mean().item(), torch.var(y, correction=0).item()


def training_step(x, y, w, b, lr):
    x, y = x.double(), y.double()
    w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.mse_loss(w * x + b, y)
    loss.backward()
    with torch.no_grad():
        new_w, new_b = w - lr * w.grad, b - lr * b.grad
    return {"loss": loss.item(), "grad_w": w.grad, "grad_b": b.grad, "w": new_w, "b": new_b}


def train(x, y, w, b, lr, steps):
    x, y = x.double(), y.double()
    w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses = []
    for _ in range(steps):
        loss = torch.nn.functional.mse_loss(w * x + b, y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {"w": w.item(), "b": b.item(), "losses": losses}
