# attack: raises through thousands of frames
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    return compute_grid(x, y, w_values, b_values)
