# attack: answers calls with messages whose fields have other types
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import itertools
import sys

ODD = [
    None,
    -1,
    2**70,
    1.5,
    "x",
    b"x",
    [],
    [[]],
    {},
    {"a": []},
    [None],
    [[1, 2, 3, 4, 5]],
    ((),),
    1j,
    True,
    [10**9, -(10**9)],
]
RETURNED = {"end": "returned", "value": b"\xc0", "arguments": [], "settings": [["torch.float32", True, 1, "cpu", 20_250_615]] * 2, "open_figures": 0}
RAISED = {"end": "raised", "type": "E", "kinds": ["E"], "message": "m", "frames": [], "is_exit": 0, "is_memory": 0, "is_stub": 0}
REFUSED = {"end": "refused", "message": "m"}
ANSWERS = itertools.cycle(
    [{**whole, field: odd} for odd in ODD for whole in (RETURNED, RAISED, REFUSED) for field in whole]
)
sys.modules["grader.sandbox.worker"].Submission.call = lambda self, request: next(ANSWERS)


def compute_grid(x, y, w_values, b_values):
    return None
