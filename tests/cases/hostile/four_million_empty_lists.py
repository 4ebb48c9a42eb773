# attack: returns a list of four million empty lists
# expect: run_descent=wrong|raised|crashed
def run_descent(x, y, w_start, b_start, lr, steps):
    return [[]] * 4_000_000
