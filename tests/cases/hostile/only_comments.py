# attack: has no code at all
# expect: compute_grid=invalid

