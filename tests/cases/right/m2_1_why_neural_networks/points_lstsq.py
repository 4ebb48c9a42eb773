# right: solves a linear system for the output layer, in float64, with units that look to both sides.
import torch


def relu_through_points(x, y):
    x, y = x.double(), y.double()
    left = x[1:2] - x[:1]
    W1 = torch.ones(1, len(x) - 1, dtype=torch.float64)
    W1[0, 0] = -1.0
    b1 = -torch.cat([-x[1:2], x[1:-1]])
    hidden = torch.relu(x[:, None] @ W1 + b1)
    inputs = torch.cat([hidden, torch.ones_like(x)[:, None]], dim=1)
    solution = torch.linalg.solve(inputs, y[:, None])
    assert left > 0
    return {"W1": W1, "b1": b1, "W2": solution[:-1], "b2": solution[-1]}
