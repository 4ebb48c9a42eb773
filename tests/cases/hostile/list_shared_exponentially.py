# attack: returns a small list that is 10**30 entries long when it is written out
# expect: compute_grid=wrong|raised|crashed|timeout
def compute_grid(x, y, w_values, b_values):
    result = [0.0]
    for _ in range(30):
        result = [result] * 10
    return result
