# attack: writes a complete answer to the channel that says all has passed, with many ids
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
    for number in (*range(64), None, "1", -1, 2**63):
        document = ormsgpack.packb(
            {"id": number, "end": "passed", "status": "passed", "points": 99, "max_points": 99, "score": 1.0}
        )
        os.write(channel(), len(document).to_bytes(4, "big") + document)
    return torch.tensor(float("nan"))
