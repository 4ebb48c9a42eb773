# attack: writes verdicts as JSON, as a pickle, as lines, and with the other byte order
# expect: compute_grid=wrong|crashed|timeout|invalid
import os
import stat

import torch


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def compute_grid(x, y, w_values, b_values):
    pickled = b"cos\n_exit\n(I0\ntR."
    for document in (b'{"status": "passed"}', pickled, b"passed", b"1 passed in 0.01s"):
        os.write(channel(), len(document).to_bytes(4, "little") + document + b"\n")
        os.write(channel(), len(document).to_bytes(8, "big") + document + b"\n")
    return torch.tensor(float("nan"))
