# attack: returns a path nested as deep as the wire just carries, for a reader that recurses
# expect: run_descent=wrong|raised
def run_descent(x, y, w_start, b_start, lr, steps):
    result = 0.0
    for _ in range(245):
        result = [result]
    return result
