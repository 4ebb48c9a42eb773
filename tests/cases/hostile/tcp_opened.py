# attack: makes TCP sockets, to connect and to listen
# expect: compute_grid=wrong
import socket

import torch


def compute_grid(x, y, w_values, b_values):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue
        raise RuntimeError("escaped: made a TCP socket")
    return torch.tensor(float("nan"))
