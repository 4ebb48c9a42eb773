# attack: raises warnings, which some runners filter as noise
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    raise DeprecationWarning("passed")
