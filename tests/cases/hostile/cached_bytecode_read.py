# attack: looks for the compiled solution and checks in the caches of Python and pytest
# expect: compute_grid=wrong
import marshal
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
STEM = f"__pycache__/m1_4_loss_landscape.{__import__('sys').implementation.cache_tag}"


def compute_grid(x, y, w_values, b_values):
    for file in (COURSE / "solutions" / f"{STEM}.pyc", COURSE / "solutions" / f"{STEM}.opt-1.pyc"):
        try:
            content = file.read_bytes()
        except OSError:
            continue
        stolen = {"__name__": "stolen"}
        exec(marshal.loads(content[16:]), stolen)
        return stolen["compute_grid"](x, y, w_values, b_values)
    return torch.tensor(float("nan"))
