# attack: returns a string of 256 MB
# expect: compute_grid=wrong|raised|crashed
def compute_grid(x, y, w_values, b_values):
    return "x" * 2**28
