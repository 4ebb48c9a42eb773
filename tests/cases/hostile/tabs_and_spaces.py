# attack: mixes tabs and spaces
# expect: compute_grid=invalid
def compute_grid(x, y, w_values, b_values):
    if x is y:
	return None
        return None
