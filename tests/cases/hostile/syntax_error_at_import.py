# attack: raises a SyntaxError that names a line of the solution while it is imported
# expect: compute_grid=raised|invalid
raise SyntaxError("passed", ("solutions/m1_4_loss_landscape.py", 28, 5, None))


def compute_grid(x, y, w_values, b_values):
    return None
