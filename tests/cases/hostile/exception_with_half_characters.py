# attack: raises an exception whose text is no UTF-8
# expect: compute_grid=raised
def compute_grid(x, y, w_values, b_values):
    raise ValueError("\ud800 passed \udfff \udcff")
