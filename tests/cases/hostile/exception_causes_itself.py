# attack: raises an exception whose cause and context lead back to itself
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    first, second = ValueError("first"), ValueError("second")
    first.__cause__ = first.__context__ = second
    second.__cause__ = second.__context__ = first
    raise first
