# wrong: 1e-4 is added to the denominator.
# status: wrong
# mistake: guard_too_large
def relative_error(a, n):
    return ((a - n).abs() / (a.abs() + n.abs() + 1e-4)).max().item()
