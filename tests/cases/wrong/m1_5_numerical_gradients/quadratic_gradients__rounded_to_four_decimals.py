# wrong: rounds every slope to four decimals.
# status: wrong
# mistake: rounded_to_4
def quadratic_gradients(x, y, w2, w1, b):
    e = w2 * x**2 + w1 * x + b - y
    return tuple(round(2 * (e * x**k).mean().item(), 4) for k in (2, 1, 0))
