# wrong: multiplies the flat weights by the flat points, which raises.
# status: raised
# mistake: none
# says: The two tensors do not fit entry by entry
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    predictions = w_values * x + b_values
    return ((y - predictions) ** 2).reshape(len(w_values), len(b_values))
