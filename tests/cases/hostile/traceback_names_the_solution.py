# attack: raises from code that claims to be lines of the solution, so that a report quotes them
# expect: compute_grid=raised
from pathlib import Path

import grader

COURSE = Path(grader.__file__).resolve().parents[1]
NAMES = ["solutions/m1_4_loss_landscape.py", str(COURSE / "solutions/m1_4_loss_landscape.py"), "/etc/passwd"]
calls = 0


def compute_grid(x, y, w_values, b_values):
    global calls
    calls += 1
    # Line 28 of the solution is the answer.
    exec(compile("\n" * 27 + "raise ValueError('look at this line')", NAMES[calls % 3], "exec"))
