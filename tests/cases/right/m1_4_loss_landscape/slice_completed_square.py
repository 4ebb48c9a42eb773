# right: the slice as a parabola around its lowest point, with a special case for a flat one.
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    rest = y - b
    curvature = (x * x).mean()
    if curvature == 0:
        return (rest * rest).mean().expand(w_values.shape).clone()
    lowest = (x * rest).mean() / curvature
    bottom = ((rest - lowest * x) ** 2).mean()
    return curvature * (w_values - lowest) ** 2 + bottom
