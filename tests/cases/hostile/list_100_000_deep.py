# attack: returns a list nested 100 000 deep
# expect: compute_grid=wrong|raised|crashed
def compute_grid(x, y, w_values, b_values):
    result = []
    for _ in range(100_000):
        result = [result]
    return result
