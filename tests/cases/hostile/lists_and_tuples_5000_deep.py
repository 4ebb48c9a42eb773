# attack: returns lists and tuples in turns, so that a limit on either alone is not reached
# expect: run_descent=wrong|raised|crashed
def run_descent(x, y, w_start, b_start, lr, steps):
    result = 0.0
    for _ in range(25):
        for _ in range(200):
            result = [result]
        result = (result,)
    return result
