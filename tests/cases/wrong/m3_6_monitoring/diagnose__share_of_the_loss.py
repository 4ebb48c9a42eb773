# wrong: too slow if nearly all of the loss is left
# status: wrong
# mistake: slow_by_a_share
# says: above a floor of 10 every run looks slow
def diagnose(train, val):
    if any(loss != loss or abs(loss) == float("inf") for loss in train + val):
        return "nan"
    if train[0] < train[-1]:
        return "diverged"
    if val[-1] - min(val) > 0.5 * (val[0] - min(val)):
        return "overfitting"
    return "too slow" if (train[0] - train[-1]) / train[0] < 0.1 else "healthy"
