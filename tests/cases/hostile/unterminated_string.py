# attack: opens a string that never ends
# expect: compute_grid=invalid
def compute_grid(x, y, w_values, b_values):
    return """passed
