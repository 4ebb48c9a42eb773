# attack: prints NUL, every byte value and half characters, which are no UTF-8
# expect: compute_grid=wrong
import os
import sys

import torch

TEXT = b"\x00" * 100 + bytes(range(256)) + b"\xff\xfe\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf\xe2\x82"


def compute_grid(x, y, w_values, b_values):
    print(TEXT.decode("latin-1"))
    print(TEXT.decode("latin-1"), file=sys.stderr)
    for descriptor in (1, 2):
        os.write(descriptor, TEXT)
    return torch.tensor(float("nan"))
