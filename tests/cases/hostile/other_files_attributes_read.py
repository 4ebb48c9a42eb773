# attack: reads extended attributes of files that it may not open, and which disks, processes and networks there are
# expect: compute_grid=wrong
import contextlib
import ctypes
import fcntl
import os
import struct
import time

import torch

libc = ctypes.CDLL(None)


def tries():
    yield "attributes", lambda: [os.listxattr(path) for path in ("/etc/passwd", ".", "/usr/lib")]
    yield "an attribute", lambda: os.getxattr("/etc/passwd", "security.selinux")
    yield "the disk", lambda: os.statvfs("/").f_bavail
    yield "process groups", lambda: [pid for pid in range(1, 300) if libc.getpgid(pid) >= 0]
    yield "sessions", lambda: [pid for pid in range(1, 300) if libc.getsid(pid) >= 0]
    yield "priorities", lambda: os.getpriority(os.PRIO_PROCESS, os.getppid())
    yield "scheduling", lambda: os.sched_getscheduler(1)
    yield "processors", lambda: os.sched_getaffinity(1)
    yield "the time of others", lambda: time.clock_gettime((~os.getppid() << 3) | 2)
    yield "the limits of others", lambda: __import__("resource").prlimit(os.getppid(), 7)
    yield "networks", addresses
    yield "load and memory", load


def addresses():
    buffer = ctypes.create_string_buffer(4096)
    return struct.unpack("iP", fcntl.ioctl(3, 0x8912, struct.pack("iP", len(buffer), ctypes.addressof(buffer))))


def load():
    information = ctypes.create_string_buffer(512)
    return [information.raw[:32]] if libc.sysinfo(information) == 0 else []


def compute_grid(x, y, w_values, b_values):
    for name, look in tries():
        with contextlib.suppress(OSError):
            if look() != []:
                raise RuntimeError(f"escaped: knows {name}")
    return torch.tensor(float("nan"))
