# wrong: the formula of many programs, whose first step has the rate 0.
# status: wrong
# mistake: starts_at_zero
def warmup_cosine(t, lr_max, lr_min, warmup, total):
    if t < warmup:
        return t / warmup * lr_max
    if t <= total:
        return lr_min + 0.5 * (1 + math.cos(math.pi * (t - warmup) / (total - warmup))) * (lr_max - lr_min)
    return lr_min
