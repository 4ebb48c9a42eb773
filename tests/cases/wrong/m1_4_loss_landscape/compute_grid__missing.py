# wrong: the function is not there.
# status: invalid
# mistake: none
del compute_grid  # noqa: F821
