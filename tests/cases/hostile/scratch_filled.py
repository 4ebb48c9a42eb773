# attack: fills its folder until nothing more can be written
# expect: compute_grid=wrong|raised|timeout|crashed
import itertools
import os

import torch


def compute_grid(x, y, w_values, b_values):
    written, block = 0, b"\0" * 2**20
    for number in itertools.count():
        try:
            file = os.open(f"block{number}", os.O_WRONLY | os.O_CREAT)
            while written < 2**30:  # where nothing limits it, a gigabyte is enough to be seen
                written += os.write(file, block)
        except OSError:
            pass
        if written >= 2**30 or number > 5000:
            return torch.tensor(float("nan"))
        os.close(file)
