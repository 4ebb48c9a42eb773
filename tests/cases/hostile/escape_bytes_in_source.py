# attack: has escape sequences and form feeds as they are in the line that raises
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    raise ValueError("[2J]0;passed")  # [1A[2K2J
