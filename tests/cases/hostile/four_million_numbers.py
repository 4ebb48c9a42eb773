# attack: returns a list of four million numbers, the most that fits in a message
# expect: run_descent=wrong|raised|crashed
def run_descent(x, y, w_start, b_start, lr, steps):
    # One byte each on the wire; a grader that makes an object of each needs gigabytes.
    return [0] * 4_000_000
