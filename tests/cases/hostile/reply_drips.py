# attack: sends one byte of its answer every fifth of a second, so that no single wait is long
# expect: compute_grid=timeout|crashed
import os
import stat
import time


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def compute_grid(x, y, w_values, b_values):
    os.write(channel(), (10**6).to_bytes(4, "big"))
    while True:
        os.write(channel(), b"\xc0")
        time.sleep(0.2)
