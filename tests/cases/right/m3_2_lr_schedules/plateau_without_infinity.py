# right: no best value before the first epoch, and the improvement as a difference
def plateau_schedule(metrics, lr, factor, patience, threshold, min_lr):
    best, bad, out = None, 0, []
    for m in metrics:
        if best is None or best - m > best * threshold:
            best = m
            bad = 0
        else:
            bad += 1
            if bad > patience:
                bad = 0
                lr *= factor
                if lr < min_lr:
                    lr = min_lr
        out.append(lr)
    return out
