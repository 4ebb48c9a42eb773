# attack: answers calls with messages from which fields are missing
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import itertools
import sys

ANSWERS = itertools.cycle(
    [
        {},
        {"end": "returned"},
        {"end": "raised"},
        {"end": "refused"},
        {"end": "loaded"},
        {"end": "ready"},
        {"end": "returned", "value": b"\xc0"},
        {"end": "raised", "type": "E"},
        {"end": "unparsable"},
        {"end": "invalid"},
    ]
)
sys.modules["grader.sandbox.worker"].Submission.call = lambda self, request: next(ANSWERS)


def compute_grid(x, y, w_values, b_values):
    return None
