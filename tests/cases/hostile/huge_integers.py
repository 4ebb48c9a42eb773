# attack: returns integers of a million digits, too long for a decimal text
# expect: run_descent=wrong|raised|crashed
def run_descent(x, y, w_start, b_start, lr, steps):
    return [(10**10**6, -(10**10**6))] * (steps + 1)
