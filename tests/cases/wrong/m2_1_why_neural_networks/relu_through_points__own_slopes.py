# wrong: every unit brings the whole slope of its piece.
# status: wrong
# mistake: slopes_instead_of_changes
import torch


def relu_through_points(x, y):
    slopes = torch.diff(y) / torch.diff(x)
    units = len(slopes)
    return {"W1": torch.full((1, units), 2.0), "b1": -2 * x[:units], "W2": slopes.view(-1, 1) / 2, "b2": y[0].view(1)}
