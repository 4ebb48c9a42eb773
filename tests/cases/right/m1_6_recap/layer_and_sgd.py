# right: nn.Linear(1, 1) with SGD, the usual loop; a quiz as it is copied.
import math

import torch
from torch import nn


def quiz():
    return {"q1": "b", "q2": "b", "q3": "a", "q4": "b", "q5": "b", "q6": "c"}


def train_line(x, y, w, b, lr, orders, batch_size):
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, w)
    nn.init.constant_(model.bias, b)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    history = []
    for order in orders:
        saved = model.weight.item(), model.bias.item()
        running = 0.0
        for i in range(0, len(order), batch_size):
            idx = order[i : i + batch_size]
            xb, yb = x[idx].unsqueeze(1), y[idx].unsqueeze(1)
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
            running += loss.item() * xb.size(0)
        epoch_loss = running / len(order)
        limit = 1e6 * ((history[0] if history else epoch_loss) + 1)
        if not math.isfinite(epoch_loss) or epoch_loss > limit:
            return {"w": saved[0], "b": saved[1], "history": history, "status": "diverged"}
        history.append(epoch_loss)
    return {"w": model.weight.item(), "b": model.bias.item(), "history": history, "status": "ok"}
