# attack: sends descriptors over the channel, which a careless reader keeps
# expect: compute_grid=crashed|wrong|timeout|invalid
import array
import contextlib
import os
import socket
import stat

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
    own = socket.socket(fileno=os.dup(channel()))
    for _ in range(100):
        with contextlib.suppress(OSError):
            own.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 200))])
    return torch.tensor(float("nan"))
