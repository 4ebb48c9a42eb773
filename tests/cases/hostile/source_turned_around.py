# attack: has characters that turn the order of what a reader sees, in the line that raises
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    raise ValueError("‮⁦ passed ⁩⁦")  # ‮ dessap ⁧
