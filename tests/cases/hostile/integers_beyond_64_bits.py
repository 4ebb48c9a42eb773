# attack: returns integers just beyond what a tensor can hold
# expect: run_descent=wrong|raised
def run_descent(x, y, w_start, b_start, lr, steps):
    return [(2**64, -(2**63) - 1)] * (steps + 2)
