# attack: raises the grader's own errors while it is imported
# expect: compute_grid=raised
from grader.errors import CourseError

raise CourseError("lessons/m1_4_loss_landscape/compute_grid.py", 1, "this lesson cannot be graded")


def compute_grid(x, y, w_values, b_values):
    return None
