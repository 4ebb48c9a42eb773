# wrong: notes every lower metric as the best one.
# status: wrong
# mistake: small_steps_count_for_the_best
def plateau_schedule(metrics, lr, factor, patience, threshold, min_lr):
    best, bad, out = math.inf, 0, []
    for m in metrics:
        bad = 0 if m < best * (1 - threshold) else bad + 1
        best = min(best, m)
        if bad > patience:
            lr, bad = max(lr * factor, min_lr), 0
        out.append(lr)
    return out
