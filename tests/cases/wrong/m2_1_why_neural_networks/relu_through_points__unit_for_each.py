# wrong: as many units as points.
# status: wrong
# mistake: one_unit_for_each_point
import torch


def relu_through_points(x, y):
    slopes = torch.diff(y) / torch.diff(x)
    changes = torch.diff(slopes, prepend=torch.zeros(1), append=torch.zeros(1))
    changes[-1] = 0
    return {"W1": torch.ones(1, len(x)), "b1": -x, "W2": changes.view(-1, 1), "b2": y[:1]}
