# attack: leaves files with names that are no text, pipes, and folders that may not be entered
# expect: compute_grid=wrong|raised|timeout|crashed
import contextlib
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for name in (b"\xff\xfe", b"new\nline", b"-rf", b"* ?", b"\x1b[2J", b"a" * 255):
        with contextlib.suppress(OSError):
            os.mkdir(name)
            os.mkfifo(name + b"/pipe" if len(name) < 200 else name + b"/p")
            os.chmod(name, 0)
    os.umask(0o777)
    os.mkdir("closed")
    return torch.tensor(float("nan"))
