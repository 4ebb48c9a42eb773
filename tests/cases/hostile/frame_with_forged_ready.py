# attack: says a second time that it is ready and loaded, with exercises of its own
# expect: compute_grid=wrong|crashed|timeout|invalid
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


def compute_grid(x, y, w_values, b_values):
    for answer in (
        {"id": 0, "end": "ready"},
        {"id": 1, "end": "loaded", "exercises": {"compute_grid": ["passed", ""]}},
    ):
        document = ormsgpack.packb(answer)
        os.write(channel(), len(document).to_bytes(4, "big") + document)
    return torch.tensor(float("nan"))
