# attack: locks files that it may read, and other programs wait for them: uv for the lock of the environment
# expect: compute_grid=wrong
import fcntl
import os
import struct
import sys
import sysconfig
from pathlib import Path

import torch

SET_LEASE, NOTIFY, OPEN_FILE_LOCKS = 1024, 1026, (37, 38)


def attempts(file, folder):
    whole = struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0)
    yield lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    yield lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    for request in (fcntl.F_SETLK, fcntl.F_SETLKW, *OPEN_FILE_LOCKS):
        yield lambda request=request: fcntl.fcntl(file, request, whole)
    yield lambda: fcntl.fcntl(file, SET_LEASE, fcntl.F_RDLCK)
    yield lambda: fcntl.fcntl(folder, NOTIFY, 1)


def compute_grid(x, y, w_values, b_values):
    here = Path(sysconfig.get_path("purelib"))
    for path in (Path(sys.prefix, ".lock"), Path(sys.prefix, "pyvenv.cfg"), Path(os.__file__), Path("own")):
        try:
            flags = os.O_RDWR | os.O_CREAT if path.name == "own" else os.O_RDONLY
            file, folder = os.open(path, flags, 0o600), os.open(here, os.O_RDONLY)
        except FileNotFoundError:
            continue
        for attempt in attempts(file, folder):
            try:
                attempt()
            except OSError:
                continue
            raise RuntimeError(f"escaped: has locked {path}")
    return torch.tensor(float("nan"))
