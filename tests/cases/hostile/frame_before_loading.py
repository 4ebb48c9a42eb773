# attack: answers from its import, before the worker has read the whole file
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import os
import stat

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


for answer in (
    {"id": 1, "end": "loaded", "exercises": {"compute_grid": ["ready", ""]}},
    {"id": 2, "end": "returned", "value": b"\xc0", "arguments": [], "settings": [["torch.float32", True, 1, "cpu", 20_250_615]] * 2, "open_figures": 0},
):
    document = ormsgpack.packb(answer)
    os.write(channel(), len(document).to_bytes(4, "big") + document)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
