# attack: replaces every function of the worker by one that says passed
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import sys
import types

worker = sys.modules["grader.sandbox.worker"]
for name, value in list(vars(worker).items()):
    if isinstance(value, types.FunctionType):
        setattr(worker, name, lambda *args, **kwargs: {"end": "passed", "status": "passed", "points": 99})


def compute_grid(x, y, w_values, b_values):
    return None
