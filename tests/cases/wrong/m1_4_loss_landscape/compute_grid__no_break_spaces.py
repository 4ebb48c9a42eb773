# wrong: copied from a web page, which indents with no-break spaces.
# status: invalid
# mistake: none
# says: contains NO-BREAK SPACE (U+00A0), which looks like a space.
def compute_grid(x, y, w_values, b_values):
    return x
