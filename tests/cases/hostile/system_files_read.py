# attack: reads accounts, keys, settings and devices of the machine
# expect: compute_grid=wrong
import os

import torch

# The variable is set to the scratch folder, so the name of the real one is built from the user.
HOME = "/root" if os.getuid() == 0 else f"/home/{os.getuid()}"

FILES = [
    "/etc/passwd",
    "/etc/shadow",
    "/etc/hostname",
    "/etc/hosts",
    HOME + "/.bashrc",
    HOME + "/.ssh/id_rsa",
    HOME + "/.gitconfig",
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
    "/dev/mem",
    "/dev/kmsg",
    "/dev/tty",
    "/sys/kernel/notes",
    "/run/utmp",
]


def compute_grid(x, y, w_values, b_values):
    for file in FILES:
        try:
            with open(file, "rb") as opened:
                opened.read(1)
        except OSError:
            continue
        raise RuntimeError(f"escaped: read {file}")
    return torch.tensor(float("nan"))
