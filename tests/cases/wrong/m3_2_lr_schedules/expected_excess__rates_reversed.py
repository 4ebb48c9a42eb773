# wrong: begins with the last rate.
# status: wrong
# mistake: none
# says: Your function behaves as if `lrs` were reversed.
def expected_excess(lrs, excess, curvature, variance):
    h = [excess]
    for lr in reversed(lrs):
        h.append((1 - lr * curvature) ** 2 * h[-1] + curvature / 2 * lr**2 * variance)
    return h
