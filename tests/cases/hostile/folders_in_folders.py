# attack: makes a tree of folders and links, a thousand of each in each
# expect: compute_grid=crashed
import contextlib
import os


def compute_grid(x, y, w_values, b_values):
    made = 0
    for outer in range(1000):
        os.mkdir(f"{outer}")
        for inner in range(1000):
            os.mkdir(f"{outer}/{inner}")
            with contextlib.suppress(OSError):
                os.symlink("..", f"{outer}/{inner}/link")
            made += 1
    raise RuntimeError(f"escaped: made {made} folders")
