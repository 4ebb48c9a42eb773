# wrong: 1e-8 is added to the denominator.
# status: wrong
# mistake: guard_too_large
def relative_error(a, n, eps=1e-8):
    return ((a - n).abs() / (a.abs() + n.abs() + eps)).max().item()
