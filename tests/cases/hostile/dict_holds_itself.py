# attack: returns a dict and a tuple that contain each other
# expect: compute_grid=wrong|raised|crashed
def compute_grid(x, y, w_values, b_values):
    result = {}
    result["again"] = (result, [result])
    return result
