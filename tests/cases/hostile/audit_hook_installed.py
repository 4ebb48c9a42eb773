# attack: installs an audit hook that forbids whatever the worker does next
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import sys

import torch


def forbid(event, arguments):
    raise SystemExit(0)


nothing = torch.tensor(float("nan"))
sys.addaudithook(forbid)


def compute_grid(x, y, w_values, b_values):
    return nothing
