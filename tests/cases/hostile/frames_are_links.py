# attack: saves links, a pipe and a folder in place of pictures
# expect: save_frames=wrong|raised|crashed|timeout
import contextlib
import os
from pathlib import Path

import grader

COURSE = Path(grader.__file__).resolve().parents[1]
TARGETS = [COURSE / "solutions" / "m1_4_loss_landscape.py", Path("/dev/zero"), Path("/etc/passwd")]


def save_frames(w_values, b_values, losses, path, directory):
    names = [f"frame_{k:03d}.png" for k in range(len(path))]
    for k, name in enumerate(names):
        with contextlib.suppress(OSError):
            if k % 5 == 3:
                os.mkfifo(Path(directory, name))
            elif k % 5 == 4:
                os.mkdir(Path(directory, name))
            else:
                os.symlink(TARGETS[k % 5], Path(directory, name))
    return names
