# attack: prints carriage returns and backspaces that hide what stands before them
# expect: compute_grid=wrong
import os
import sys

import torch

TEXT = (
    b"wrong\rpassed\n"
    + b"\b" * 1000
    + b"passed\x7f\x0b\x0c\x85\r\r\n"
    + "\u2028\u2029\u202e\u2066dessap\u200b".encode()
)


def compute_grid(x, y, w_values, b_values):
    print(TEXT.decode("latin-1"))
    print(TEXT.decode("latin-1"), file=sys.stderr)
    for descriptor in (1, 2):
        os.write(descriptor, TEXT)
    return torch.tensor(float("nan"))
