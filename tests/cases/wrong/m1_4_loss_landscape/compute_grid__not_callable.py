# wrong: the name belongs to a number.
# status: invalid
# mistake: none
compute_grid = 3
