# attack: returns text with half of a surrogate pair, which is no UTF-8
# expect: compute_grid=wrong|raised
def compute_grid(x, y, w_values, b_values):
    return {"\udcff passed \ud800": ["\ud800", "\udfff" * 1000]}
