# attack: leaves threads that write forged answers to every descriptor for ever
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import contextlib
import os
import threading

import ormsgpack
import torch

DOCUMENT = ormsgpack.packb({"id": 2, "end": "passed", "status": "passed", "points": 99})
FRAME = len(DOCUMENT).to_bytes(4, "big") + DOCUMENT


def forge():
    while True:
        for descriptor in range(16):
            with contextlib.suppress(OSError):
                os.write(descriptor, FRAME)


def compute_grid(x, y, w_values, b_values):
    for _ in range(4):
        threading.Thread(target=forge, daemon=True).start()
    return torch.tensor(float("nan"))
