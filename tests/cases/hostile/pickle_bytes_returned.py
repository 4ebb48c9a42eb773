# attack: returns the bytes of a pickle that exits, hoping that somebody loads them
# expect: compute_grid=wrong
def compute_grid(x, y, w_values, b_values):
    return b"cos\n_exit\n(I0\ntR."
