# attack: computes in other processes with every start method of multiprocessing
# expect: compute_grid=wrong
import multiprocessing
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for method in ("fork", "spawn", "forkserver"):
        try:
            process = multiprocessing.get_context(method).Process(target=os._exit, args=(0,))
            process.start()
        except (OSError, RuntimeError, EOFError):
            continue
        raise RuntimeError(f"escaped: started a process by {method}")
    return torch.tensor(float("nan"))
