# attack: answers with megabytes in the fields that are texts or lists
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import itertools
import sys

TEXT = "passed " * 500_000
ANSWERS = itertools.cycle(
    [
        {"end": "refused", "message": TEXT},
        {
            "end": "raised",
            "type": TEXT,
            "message": "m",
            "frames": [],
            "is_exit": False,
            "is_memory": False,
            "is_stub": False,
        },
        {
            "end": "raised",
            "type": "E",
            "kinds": [TEXT],
            "message": TEXT,
            "frames": [],
            "is_exit": False,
            "is_memory": False,
            "is_stub": False,
        },
        {"end": "returned", "value": b"\xc0", "arguments": [b""] * 3_000_000, "settings": [TEXT], "open_figures": 10**18},
        {"end": "returned", "value": b"\xc0", "arguments": [b""], "settings": ["seed"] * 600_000, "open_figures": 1},
    ]
)
sys.modules["grader.sandbox.worker"].Submission.call = lambda self, request: next(ANSWERS)


def compute_grid(x, y, w_values, b_values):
    return None
