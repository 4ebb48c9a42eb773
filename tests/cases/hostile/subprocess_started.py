# attack: starts programs with subprocess, os.system, os.popen, posix_spawn and pty
# expect: compute_grid=wrong
import os
import pty
import subprocess
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    program = [sys.executable, "-c", "pass"]
    for attempt in (
        lambda: subprocess.run(program, check=True),
        lambda: subprocess.run(program, check=True, close_fds=False, start_new_session=True),
        lambda: subprocess.run("exit 0", shell=True, check=True),
        lambda: os.posix_spawn(sys.executable, program, {}),
        lambda: os.posix_spawnp("true", ["true"], {}),
        lambda: os.spawnv(os.P_WAIT, sys.executable, program),
        lambda: pty.spawn(program),
        lambda: os.popen("exit 0").close(),
    ):
        try:
            attempt()
        except (OSError, subprocess.SubprocessError):
            continue
        raise RuntimeError("escaped: started a program")
    if os.system("exit 0") == 0:
        raise RuntimeError("escaped: os.system")
    return torch.tensor(float("nan"))
