# attack: is no Python
# expect: compute_grid=invalid
def compute_grid(x, y, w_values, b_values)::
    return return
