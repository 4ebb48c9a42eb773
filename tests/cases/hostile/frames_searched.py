# attack: walks up the stack for values called wanted, expected or reference
# expect: compute_grid=wrong
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    frame = sys._getframe(1)
    while frame is not None:
        for name in ("wanted", "expected", "reference", "solution", "answer_key", "result"):
            if name in frame.f_locals:
                found = frame.f_locals[name]
                return found(x, y, w_values, b_values) if callable(found) else found
        for value in frame.f_locals.values():
            if isinstance(value, torch.Tensor) and value.shape == (len(w_values), len(b_values)):
                return value
        frame = frame.f_back
    return torch.tensor(float("nan"))
