# attack: prints frames of the wire's protocol, should anybody read them from there
# expect: compute_grid=wrong
import os

import ormsgpack
import torch

DOCUMENT = ormsgpack.packb({"id": 1, "end": "passed", "status": "passed", "points": 99})


def compute_grid(x, y, w_values, b_values):
    for descriptor in (1, 2):
        os.write(descriptor, len(DOCUMENT).to_bytes(4, "big") + DOCUMENT)
    return torch.tensor(float("nan"))
