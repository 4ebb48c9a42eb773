# attack: leaves shared memory, semaphores and message queues that outlive the process
# expect: compute_grid=wrong
import ctypes
import os
from multiprocessing import shared_memory

import torch


def compute_grid(x, y, w_values, b_values):
    libc, private, remove = ctypes.CDLL("librt.so.1"), 0, 0  # older C libraries have some of these there
    for make, end in (
        (lambda: libc.shmget(private, 4096, 0o600), lambda key: libc.shmctl(key, remove, None)),
        (lambda: libc.msgget(private, 0o600), lambda key: libc.msgctl(key, remove, None)),
        (lambda: libc.semget(private, 1, 0o600), lambda key: libc.semctl(key, 0, remove)),
        (lambda: libc.shm_open(b"/hostile", os.O_CREAT | os.O_RDWR, 0o600), lambda key: libc.shm_unlink(b"/hostile")),
        (
            lambda: libc.mq_open(b"/hostile", os.O_CREAT | os.O_RDWR, 0o600, None),
            lambda key: libc.mq_unlink(b"/hostile"),
        ),
    ):
        key = make()
        if key >= 0:
            end(key)
            raise RuntimeError("escaped: made something that outlives the process")
    try:
        memory = shared_memory.SharedMemory(create=True, size=4096)
    except OSError:
        return torch.tensor(float("nan"))
    memory.unlink()
    raise RuntimeError("escaped: made shared memory")
