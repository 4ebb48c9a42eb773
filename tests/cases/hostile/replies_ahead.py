# attack: answers a hundred questions that have not been asked yet
# expect: compute_grid=wrong|crashed|timeout|invalid
import os
import stat
import sys

import ormsgpack
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
    frame = sys._getframe(1)
    while frame is not None and "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["id"] if frame else 1
    for later in range(number, number + 100):
        document = ormsgpack.packb(
            {"id": later, "end": "returned", "value": b"\xc0", "arguments": [], "settings": [["torch.float32", True, 1, "cpu", 20_250_615]] * 2, "open_figures": 0}
        )
        os.write(channel(), len(document).to_bytes(4, "big") + document)
    return torch.tensor(float("nan"))
