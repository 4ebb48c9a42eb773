# attack: asks the socket who is at its other end, and reaches for that process
# expect: compute_grid=wrong
import ctypes
import os
import signal
import socket
import stat
import struct

import torch


def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False


def compute_grid(x, y, w_values, b_values):
    number = next(n for n in range(256) if is_socket(n))
    channel = socket.socket(fileno=os.dup(number))
    peer = struct.unpack("3i", channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    attempts = [lambda: os.kill(peer, 0)] if peer > 0 else []
    so_peerpidfd = 77
    try:
        handle = struct.unpack("i", channel.getsockopt(socket.SOL_SOCKET, so_peerpidfd, 4))[0]
        attempts.append(lambda: signal.pidfd_send_signal(handle, 0))
    except OSError:
        handle = -1
    for attempt in attempts:
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("escaped: may signal the process at the other end")
    if handle >= 0 and ctypes.CDLL(None).syscall(438, handle, 0, 0) >= 0:  # pidfd_getfd
        raise RuntimeError("escaped: took a descriptor of the process at the other end")
    return torch.tensor(float("nan"))
