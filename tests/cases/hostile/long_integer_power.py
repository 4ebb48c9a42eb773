# attack: computes one power in C, which no signal interrupts
# expect: compute_grid=timeout
def compute_grid(x, y, w_values, b_values):
    return 3 ** (10**9)
