# right: adds one unit after the other, each with what the graph so far misses.
import torch


def relu_through_points(x, y):
    xs, ys = x.tolist(), y.tolist()
    weights = []

    def output(place):
        return ys[0] + sum(weight * max(0.0, place - left) for weight, left in zip(weights, xs))

    for k in range(1, len(xs)):
        weights.append((ys[k] - output(xs[k])) / (xs[k] - xs[k - 1]))
    return {
        "W1": torch.ones(1, len(weights)),
        "b1": torch.tensor([-left for left in xs[:-1]]),
        "W2": torch.tensor(weights).reshape(-1, 1),
        "b2": torch.tensor([ys[0]]),
    }
