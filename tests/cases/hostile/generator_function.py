# attack: is a generator, which computes nothing and never ends
# expect: compute_grid=wrong|invalid
def compute_grid(x, y, w_values, b_values):
    while True:
        yield 0.0
