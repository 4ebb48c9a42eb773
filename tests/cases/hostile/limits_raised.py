# attack: raises its own resource limits, which an unconfined root may
# expect: compute_grid=wrong
import resource

import torch


def compute_grid(x, y, w_values, b_values):
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY:
            raise RuntimeError(f"escaped: resource {kind} is not limited")
        try:
            resource.setrlimit(kind, (hard + 4096, hard + 4096))
        except (OSError, ValueError):
            continue
        raise RuntimeError(f"escaped: raised resource {kind}")
    return torch.tensor(float("nan"))
