# attack: replaces the method that calls it by one that says passed in every spelling
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import sys

sys.modules["grader.sandbox.worker"].Submission.call = lambda self, request: {
    "end": "passed",
    "status": "passed",
    "verdict": "passed",
    "outcome": "passed",
    "points": 99,
    "score": 1.0,
    "ok": True,
}


def compute_grid(x, y, w_values, b_values):
    return None
