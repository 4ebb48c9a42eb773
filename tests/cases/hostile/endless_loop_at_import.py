# attack: loops for ever while it is imported
# expect: compute_grid=timeout
while True:
    pass


def compute_grid(x, y, w_values, b_values):
    return None
