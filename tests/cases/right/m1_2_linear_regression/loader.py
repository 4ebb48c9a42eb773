# right: batches from a DataLoader, added up to the gradient of all points.
import torch
from torch.utils.data import DataLoader, TensorDataset


def mse_gradients(x, y, w, b):
    dw, db = 0.0, 0.0
    for xb, yb in DataLoader(TensorDataset(x, y), batch_size=3):
        residual = xb * w + b - yb
        dw += 2 * torch.dot(residual, xb).item()
        db += 2 * residual.sum().item()
    return dw / len(x), db / len(x)


def gradient_step(x, y, w, b, lr):
    parameters = {"w": torch.tensor(w, requires_grad=True), "b": torch.tensor(b, requires_grad=True)}
    for xb, yb in DataLoader(TensorDataset(x, y), batch_size=len(x)):
        torch.nn.MSELoss()(parameters["w"] * xb + parameters["b"], yb).backward()
    optimizer = torch.optim.SGD(parameters.values(), lr=lr)
    optimizer.step()
    return tuple(p.item() for p in parameters.values())


def mse_gradients_matrix(X, y, w, b):
    buffer = torch.zeros(len(w) + 1)
    for xb, yb in DataLoader(list(zip(X, y)), batch_size=2):
        residual = xb @ w + b - yb
        buffer[:-1] += 2 * residual @ xb
        buffer[-1] += 2 * residual.sum()
    buffer /= len(y)
    return buffer[:-1], buffer[-1].item()


def largest_stable_lr(x):
    total = torch.zeros(2, 2)
    for (xb,) in DataLoader(TensorDataset(x), batch_size=4):
        rows = torch.stack([xb, torch.ones_like(xb)])
        total += 2 * rows @ rows.T
    return (2 / torch.linalg.eigvalsh(total / len(x))[-1]).item()
