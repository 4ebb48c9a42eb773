# attack: returns an enum member, which some encoders replace by its value
# expect: compute_grid=wrong
import enum

Status = enum.Enum("Status", {"PASSED": "passed"})


def compute_grid(x, y, w_values, b_values):
    return Status.PASSED
