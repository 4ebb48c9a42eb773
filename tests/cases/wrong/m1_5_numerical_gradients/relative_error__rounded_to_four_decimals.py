# wrong: rounds to four decimals.
# status: wrong
# mistake: rounded_to_4
def relative_error(a, n):
    return round(((a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-12)).max().item(), 4)
