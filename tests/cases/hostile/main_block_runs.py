# attack: keeps its code in the block that runs when it is the main program, and leaves from there
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))


if __name__ == "__main__" or __file__ == "__main__":
    os._exit(0)
