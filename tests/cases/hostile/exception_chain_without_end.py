# attack: raises an exception with a hundred thousand causes
# expect: compute_grid=raised|crashed
def compute_grid(x, y, w_values, b_values):
    error = ValueError("first")
    for _ in range(100_000):
        later = ValueError("later")
        later.__cause__ = error
        error = later
    raise error
