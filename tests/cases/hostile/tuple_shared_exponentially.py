# attack: returns tuples of the same tuples, 2**60 entries when written out
# expect: compute_grid=wrong|raised|crashed|timeout
def compute_grid(x, y, w_values, b_values):
    result = (0.0,)
    for _ in range(60):
        result = (result, result)
    return result
