# attack: is a function that swaps its own code at every call
# expect: compute_grid=wrong|raised
def compute_grid(x, y, w_values, b_values):
    compute_grid.__code__, other.__code__ = other.__code__, compute_grid.__code__
    return None


def other(x, y, w_values, b_values):
    compute_grid.__code__, other.__code__ = other.__code__, compute_grid.__code__
    raise ValueError("another function")
