# wrong: the squared gradient has no part in what a step adds.
# status: wrong
# mistake: linearised
def expected_excess(lrs, excess, curvature, variance):
    out = [excess]
    for lr in lrs:
        e = out[-1]
        out.append(e - lr * 2 * curvature * e + lr**2 * curvature / 2 * variance)
    return out
