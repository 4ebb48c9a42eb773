# attack: is a function written in C that accepts everything
# expect: compute_grid=wrong|invalid
compute_grid = print
