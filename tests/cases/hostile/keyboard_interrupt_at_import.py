# attack: raises KeyboardInterrupt while it is imported, as if the user had stopped the grader
# expect: compute_grid=raised|crashed
raise KeyboardInterrupt


def compute_grid(x, y, w_values, b_values):
    return None
