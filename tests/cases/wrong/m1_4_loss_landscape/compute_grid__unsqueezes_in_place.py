# wrong: right numbers, but unsqueeze_ changes the shape of the tensor it was given.
# status: wrong
# mistake: none
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    w_values.unsqueeze_(-1).unsqueeze_(-1)
    predictions = w_values * x + b_values[:, None]
    return ((y - predictions) ** 2).mean(dim=-1)
