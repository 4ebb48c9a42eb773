# wrong: the first comparison is nan, so the first epoch is bad and no epoch is ever good.
# status: wrong
# mistake: none
def plateau_schedule(metrics, lr, factor, patience, threshold, min_lr):
    best, bad, out = math.inf, 0, []
    for m in metrics:
        if (best - m) / best > threshold:
            best, bad = m, 0
        else:
            bad += 1
        if bad > patience:
            lr, bad = max(lr * factor, min_lr), 0
        out.append(lr)
    return out
