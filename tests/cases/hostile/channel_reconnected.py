# attack: connects, binds and listens on the one socket that it has
# expect: compute_grid=wrong
import os
import socket
import stat

import torch


def compute_grid(x, y, w_values, b_values):
    for number in range(256):
        try:
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
        except OSError:
            continue
        own = socket.socket(fileno=os.dup(number))
        for attempt in (
            lambda: own.connect("\0hostile"),
            lambda: own.bind("\0hostile"),
            lambda: own.listen(),
            own.accept,
        ):
            try:
                attempt()
            except OSError:
                continue
            raise RuntimeError("escaped: gave the channel another end")
    return torch.tensor(float("nan"))
