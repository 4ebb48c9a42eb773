# wrong: only NaN is looked for, and infinity passes
# status: wrong
# mistake: infinity_missed
# says: Infinity is not a finite number either.
def diagnose(train, val):
    if any(loss != loss for loss in [*train, *val]):
        return "nan"
    if train[-1] > train[0]:
        return "diverged"
    best, half = min(val), train[len(train) // 2]
    if 2 * (val[-1] - best) > val[0] - best:
        return "overfitting"
    return "too slow" if 2 * (half - train[-1]) > train[0] - half else "healthy"
