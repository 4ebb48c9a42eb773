# attack: answers calls with values that are no message inside of the message
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import itertools
import sys

VALUES = itertools.cycle(
    [b"", b"\xc1", b"\xdd\xff\xff\xff\xff", b"\x91" * 10**6, b"\xc7\x01\x01\xc1", b"\xc0\xc0", b"\x81\x90\xc0"]
)
sys.modules["grader.sandbox.worker"].Submission.call = lambda self, request: {
    "end": "returned",
    "value": next(VALUES),
    "arguments": [],
    "settings": [["torch.float32", True, 1, "cpu", 20_250_615]] * 2,
    "open_figures": 0,
}


def compute_grid(x, y, w_values, b_values):
    return None
