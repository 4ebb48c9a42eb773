# right: a module with two parameters, foreach updates, and a running mean over the samples.
import math

import torch
from torch import nn


class Line(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(float(w)))
        self.b = nn.Parameter(torch.tensor(float(b)))

    def forward(self, x):
        return self.w * x + self.b


def quiz():
    return {"q1": "b", "q2": "b", "q3": "a", "q4": "b", "q5": "b", "q6": "c"}


def train_line(x, y, w, b, lr, orders, batch_size):
    line = Line(w, b)
    history = []
    for order in orders:
        kept = [p.detach().clone() for p in line.parameters()]
        mean, seen = 0.0, 0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            line.zero_grad()
            loss = torch.mean((line(x[batch]) - y[batch]) ** 2)
            loss.backward()
            with torch.no_grad():
                for p in line.parameters():
                    p.sub_(lr * p.grad)
            seen += len(batch)
            mean += (loss.item() - mean) * len(batch) / seen
        if not math.isfinite(mean) or (history and mean > 1e6 * (history[0] + 1)):
            return {"w": kept[0].item(), "b": kept[1].item(), "history": history, "status": "diverged"}
        history.append(mean)
    return {"w": line.w.item(), "b": line.b.item(), "history": history, "status": "ok"}
