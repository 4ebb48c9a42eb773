# attack: loops for ever when it is called
# expect: compute_grid=timeout
def compute_grid(x, y, w_values, b_values):
    while True:
        pass
