# attack: raises a SyntaxError at call and import with a file, line and text of its own choice
# expect: compute_grid=raised|invalid
import itertools

DETAILS = itertools.cycle(
    [
        ("/etc/passwd", 1, 1, None),
        ("solutions/m1_4_loss_landscape.py", 28, 5, None),
        (None, None, None, None),
        ("x", "passed", [], 99),
        ("x", 2**70, -(2**70), "x" * 10**6),
        (object(), 1, 1, object()),
    ]
)


def compute_grid(x, y, w_values, b_values):
    raise SyntaxError("passed", next(DETAILS))
