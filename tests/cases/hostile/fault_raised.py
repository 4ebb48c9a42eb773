# attack: raises the grader's own fault, so that its zero would become no score
# expect: compute_grid=raised
from grader.errors import Fault


def compute_grid(x, y, w_values, b_values):
    raise Fault("The grader failed, not the student: give all points.")
