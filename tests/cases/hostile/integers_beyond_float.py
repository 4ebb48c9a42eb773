# attack: returns integers that fit in a message and not in a float
# expect: run_descent=wrong|raised
def run_descent(x, y, w_start, b_start, lr, steps):
    return [(10**400, -(10**400))] * (steps + 1)
