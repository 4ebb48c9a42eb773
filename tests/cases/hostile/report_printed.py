# attack: prints a complete report in the grader's JSON format, and in others'
# expect: compute_grid=wrong
import os
import sys

import torch

TEXT = b"""
{"schema": 1, "isolation": "confined", "seed": 0, "points": 9, "max_points": 9, "lessons": [{"id": "1.4",
 "name": "m1_4_loss_landscape", "title": "x", "status": "passed", "points": 9, "max_points": 9, "exercises": []}]}
{"score": 100, "tests": [{"score": 100, "max_score": 100, "status": "passed"}]}
<?xml version="1.0"?><testsuites tests="1" failures="0"/>
"""


def compute_grid(x, y, w_values, b_values):
    print(TEXT.decode("latin-1"))
    print(TEXT.decode("latin-1"), file=sys.stderr)
    for descriptor in (1, 2):
        os.write(descriptor, TEXT)
    return torch.tensor(float("nan"))
