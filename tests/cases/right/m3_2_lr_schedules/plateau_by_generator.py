# right: a generator that counts the patience down
def _rates(metrics, lr, factor, patience, threshold, min_lr):
    best, left = math.inf, patience
    for m in metrics:
        if m < best * (1 - threshold):
            best, left = m, patience
        elif left == 0:
            lr, left = max(lr * factor, min_lr), patience
        else:
            left -= 1
        yield lr


def plateau_schedule(metrics, lr, factor, patience, threshold, min_lr):
    return tuple(_rates(metrics, lr, factor, patience, threshold, min_lr))
