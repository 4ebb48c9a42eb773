# attack: returns a list that contains itself
# expect: compute_grid=wrong|raised|crashed
def compute_grid(x, y, w_values, b_values):
    result = [0.0]
    result.append(result)
    return result
