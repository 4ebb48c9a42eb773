# attack: raises an exception with a text of ten megabytes
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    raise ValueError("passed " * 1_500_000)
