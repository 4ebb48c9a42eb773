# attack: finds the request in the worker's frames and asks for another function with other arguments
# expect: compute_grid=wrong|raised|crashed|timeout
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    frame = sys._getframe(1)
    while frame is not None:
        request = frame.f_locals.get("request")
        if isinstance(request, dict):
            request.update(id=-1, name="passed", driver="passed", end="passed")
            request["args"].clear()
        frame = frame.f_back
    return torch.tensor(float("nan"))
