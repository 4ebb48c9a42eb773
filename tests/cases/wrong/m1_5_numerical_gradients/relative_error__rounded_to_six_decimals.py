# wrong: rounds to six decimals.
# status: wrong
# mistake: none
def relative_error(a, n):
    return round(((a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-12)).max().item(), 6)
