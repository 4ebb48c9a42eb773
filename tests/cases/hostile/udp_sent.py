# attack: sends a datagram, which Landlock alone allows
# expect: compute_grid=wrong
import socket

import torch


def compute_grid(x, y, w_values, b_values):
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
    except OSError:
        return torch.tensor(float("nan"))
    raise RuntimeError("escaped: sent a datagram")
