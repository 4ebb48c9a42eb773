# attack: uses what root may do: clocks, names, devices, mounts, namespaces, modules
# expect: compute_grid=wrong
import ctypes
import os
import socket
import stat
import time

import torch


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    new_user, new_net, new_ns = 0x10000000, 0x40000000, 0x20000
    for attempt in (
        lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),
        lambda: socket.sethostname(socket.gethostname()),
        lambda: os.chroot("/"),
        lambda: os.mknod("null", stat.S_IFCHR | 0o666, os.makedev(1, 3)),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("escaped: has the powers of root")
    for result in (
        libc.unshare(new_user),
        libc.unshare(new_net),
        libc.unshare(new_ns),
        libc.mount(b"none", b".", b"tmpfs", 0, None),
        libc.acct(None),
    ):
        if result == 0:
            raise RuntimeError("escaped: has a namespace or a mount of its own")
    return torch.tensor(float("nan"))
