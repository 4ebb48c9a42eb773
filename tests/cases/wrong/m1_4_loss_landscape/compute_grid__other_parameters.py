# wrong: takes two parameters instead of four.
# status: invalid
# mistake: none
from torch import Tensor


def compute_grid(data: Tensor, grid: Tensor) -> Tensor:
    return ((data[1] - grid[0][:, None, None] * data[0] - grid[1][:, None]) ** 2).mean(dim=-1)
