# right: the mean squared gradient, as lesson 1.3 derives the floor
def expected_excess(lrs, excess, curvature, variance):
    out = [excess]
    for lr in lrs:
        squared = 2 * curvature * out[-1]
        out += [out[-1] - lr * squared + lr**2 * curvature / 2 * (squared + variance)]
    return out
