# attack: recurses without end and swallows the error at every level
# expect: compute_grid=timeout|raised|crashed
def compute_grid(x, y, w_values, b_values):
    try:
        compute_grid(x, y, w_values, b_values)
    except RecursionError:
        pass
    compute_grid(x, y, w_values, b_values)
