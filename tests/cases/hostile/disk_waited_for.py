# attack: spends its time waiting for the disk, which costs no processor time and is not sleep: every write goes through to the disk
# expect: compute_grid=wrong|raised|timeout run_descent=invalid fixed_bias_slice=invalid
import contextlib
import ctypes
import os

call = ctypes.CDLL(None).syscall
SYNC, SYNC_FILE_RANGE, SYNCFS = 162, 277, 306


def compute_grid(x, y, w_values, b_values):
    found = []
    for flag in (os.O_SYNC, os.O_DSYNC, os.O_DIRECT):
        with contextlib.suppress(OSError):
            os.close(os.open("file", os.O_RDWR | os.O_CREAT | flag))
            found.append(f"open with {flag:#x}")
    file = os.open("file", os.O_RDWR | os.O_CREAT)
    found += [f"call {number}" for number in (SYNC, SYNC_FILE_RANGE, SYNCFS) if call(number, file, 0, 0, 7) == 0]
    if found:
        raise RuntimeError(f"escaped: {', '.join(found)}")
