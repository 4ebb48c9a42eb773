# attack: raises the checks' own failure with the values that a report would show
# expect: compute_grid=raised
try:
    from grader.authoring import CheckFailed
except (ImportError, OSError):
    CheckFailed = type("CheckFailed", (AssertionError,), {"__module__": "grader.authoring"})


def compute_grid(x, y, w_values, b_values):
    raise CheckFailed("passed")
