# wrong: takes all distances for 1.
# status: wrong
# mistake: not_divided
import torch


def relu_through_points(x, y):
    rises = [b - a for a, b in zip(y.tolist(), y.tolist()[1:])]
    changes = [rises[0]] + [b - a for a, b in zip(rises, rises[1:])]
    W2 = torch.tensor(changes)[:, None]
    return {"W1": torch.ones_like(W2).T, "b1": -x[: len(changes)], "W2": W2, "b2": y[:1]}
