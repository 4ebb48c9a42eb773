# wrong: a guard of 1e-6.
# status: wrong
# mistake: guard_too_large
def relative_error(a, n):
    return ((a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-6)).max().item()
