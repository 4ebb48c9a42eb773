# right: the square multiplied out: five means of the data, and no point is looked at twice.
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    w = w_values.view(-1, 1)
    b = b_values.view(1, -1)
    mean_xx, mean_xy, mean_yy = (x * x).mean(), (x * y).mean(), (y * y).mean()
    mean_x, mean_y = x.mean(), y.mean()
    return w * w * mean_xx + 2 * w * b * mean_x + b * b - 2 * w * mean_xy - 2 * b * mean_y + mean_yy
