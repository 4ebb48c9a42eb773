# wrong: bends in the middle between two points.
# status: wrong
# mistake: none
import torch


def relu_through_points(x, y):
    slopes = torch.diff(y) / torch.diff(x)
    changes = torch.cat([slopes[:1], torch.diff(slopes)])
    middle = (x[1:] + x[:-1]) / 2
    return {"W1": torch.ones(1, len(middle)), "b1": -middle, "W2": changes.view(-1, 1), "b2": y[:1]}
