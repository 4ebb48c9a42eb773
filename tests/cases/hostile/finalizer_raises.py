# attack: leaves a finalizer that raises and prints in the middle of the worker's own work
# expect: compute_grid=wrong|crashed
import os

import torch


class Noisy:
    def __del__(self):
        os.write(2, b"Exception ignored in: 1 passed\n")
        raise KeyboardInterrupt


def compute_grid(x, y, w_values, b_values):
    loop = [Noisy()]
    loop.append(loop)
    return torch.tensor(float("nan"))
