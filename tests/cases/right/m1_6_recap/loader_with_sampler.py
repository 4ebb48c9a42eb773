# right: a DataLoader whose sampler is the order, and the state of the model is loaded again.
import copy

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def quiz():
    answers = dict(zip(["q1", "q2", "q3", "q4", "q5", "q6"], ["B", "B", "A", "B", "B", "C"]))
    return answers


def train_line(x, y, w, b, lr, orders, batch_size):
    dataset = TensorDataset(x[:, None], y[:, None])
    model = torch.nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history, status = [], "ok"
    for order in orders:
        backup = copy.deepcopy(model.state_dict())
        total, seen = 0.0, 0
        for xb, yb in DataLoader(dataset, batch_size=batch_size, sampler=order):
            loss = F.mse_loss(model(xb), yb, reduction="sum")
            total += loss.item()
            seen += len(xb)
            optimizer.zero_grad()
            (loss / len(xb)).backward()
            optimizer.step()
        mean = torch.tensor(total / seen)
        if not torch.isfinite(mean) or (history and mean > 1e6 * (history[0] + 1)):
            model.load_state_dict(backup)
            status = "diverged"
            break
        history.append(mean.item())
    return {"w": model.weight.item(), "b": model.bias.item(), "history": history, "status": status}
