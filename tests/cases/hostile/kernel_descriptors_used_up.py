# attack: makes events, timers, signals and watches that are descriptors, and names for them in every epoll
# expect: compute_grid=wrong
import ctypes
import platform

import torch

call = ctypes.CDLL(None, use_errno=True).syscall
NUMBERS = {
    "epoll": (291, 20),
    "eventfd": (290, 19),
    "timerfd": (283, 85),
    "signalfd": (289, 74),
    "inotify": (294, 26),
    "userfaultfd": (323, 282),
    "pidfd": (434, 434),
}


def compute_grid(x, y, w_values, b_values):
    is_arm = platform.machine() != "x86_64"
    for name, numbers in NUMBERS.items():
        if call(numbers[is_arm], 0, 0, 0, 0) >= 0:
            raise RuntimeError(f"escaped: made a descriptor of the kind {name}")
    return torch.tensor(float("nan"))
