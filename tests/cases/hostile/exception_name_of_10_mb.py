# attack: raises an exception whose class name is ten megabytes long
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    raise type("E" * 10**7, (Exception,), {"__qualname__": "E" * 10**7})("x")
