# attack: reads the sources and constants of the functions that call it for expected values
# expect: compute_grid=wrong
import inspect
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    frame = sys._getframe(1)
    while frame is not None:
        constants = repr(frame.f_code.co_consts)
        try:
            constants += inspect.getsource(frame)
        except (OSError, TypeError):
            pass
        # Words that only checks have.
        for word in ("assert_" + "close(", "known_" + "mistake", "def test_" + "every"):
            if word in constants:
                raise RuntimeError(f"escaped: {frame.f_code.co_name} says {word}")
        frame = frame.f_back
    return torch.tensor(float("nan"))
