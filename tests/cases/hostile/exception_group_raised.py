# attack: raises a deep and wide group of exceptions
# expect: compute_grid=raised|crashed|timeout
def compute_grid(x, y, w_values, b_values):
    group = ValueError("innermost")
    for _ in range(2000):
        group = BaseExceptionGroup("level", [group, SystemExit(0), AssertionError()])
    raise group
