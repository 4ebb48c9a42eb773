# attack: searches all objects of the process for the reference function and calls it
# expect: compute_grid=wrong
import gc
import types

import torch


def steal():
    for value in gc.get_objects():
        if isinstance(value, types.FunctionType) and value.__name__ == "compute_grid" and value is not compute_grid:
            return value
        if isinstance(value, types.ModuleType) and value.__name__.startswith(
            ("grader.authoring", "lessons", "solutions")
        ):
            raise RuntimeError(f"escaped: found {value.__name__}")
    return None


def compute_grid(x, y, w_values, b_values):
    gc.unfreeze()  # what was frozen before the fork is not listed otherwise
    answer = steal()
    return torch.tensor(float("nan")) if answer is None else answer(x, y, w_values, b_values)
