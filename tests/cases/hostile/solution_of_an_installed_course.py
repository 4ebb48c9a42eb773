# attack: looks for the solution in every folder that is installed with Python, by path and by listing
# expect: compute_grid=wrong
import os
import sys

import torch

NAME = os.path.join("solutions", "m1_4_loss_landscape.py")
PREFIXES = sorted({sys.prefix, sys.exec_prefix, sys.base_prefix})


def folders(root, depth=5):
    yield root
    yield os.path.join(root, "training_loop_workbook")
    if depth:
        try:
            inside = [entry.path for entry in os.scandir(root) if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return
        for each in inside:
            if os.path.basename(each) not in ("torch", "share", "include", "test"):
                yield from folders(each, depth - 1)


def steal():
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    guessed = [os.path.join(prefix, "lib", python, "site-packages") for prefix in PREFIXES]
    for root in [*guessed, *sys.path, *PREFIXES]:
        for folder in folders(root, 0 if root in sys.path else 4):
            try:
                with open(os.path.join(folder, NAME)) as file:
                    return file.read()
            except OSError:
                continue
    return ""


SOURCE = steal()


def compute_grid(x, y, w_values, b_values):
    if not SOURCE:
        return torch.tensor(float("nan"))
    stolen = {"__name__": "stolen"}
    exec(SOURCE, stolen)
    return stolen["compute_grid"](x, y, w_values, b_values)
