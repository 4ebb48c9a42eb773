# attack: searches every text that any object of the process refers to for the solution's source
# expect: compute_grid=wrong|timeout
import gc

import torch

# Backwards, so that this file does not find itself: "error = ...", "predictions = ..." and a name in the checks.
MARKS = [
    "".join(reversed(mark)) for mark in ("y - b + x * w = rorre", "x * ]enoN ,enoN ,:[seulav_w", "yrtne_yreve_tset fed")
]


def compute_grid(x, y, w_values, b_values):
    gc.unfreeze()
    for value in gc.get_objects():
        for inner in gc.get_referents(value):
            if type(inner) in (str, bytes) and len(inner) > 30:
                text = inner if type(inner) is str else inner.decode("latin-1")
                if any(mark in text and mark != text for mark in MARKS):
                    raise RuntimeError("escaped: found the solution's source in memory")
    return torch.tensor(float("nan"))
