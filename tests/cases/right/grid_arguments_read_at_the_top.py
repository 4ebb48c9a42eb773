# right: the arguments of a script are read when the file is loaded, and there are none.
import argparse

from torch import Tensor

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
settings = parser.parse_args()


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    prediction = w_values[:, None, None] * x + b_values[:, None]
    return ((y - prediction) ** 2).mean(-1)
