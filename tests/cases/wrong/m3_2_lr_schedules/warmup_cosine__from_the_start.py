# wrong: multiplies the warm-up with a cosine over the whole run.
# status: wrong
# mistake: falls_during_the_warm_up
def warmup_cosine(t, lr_max, lr_min, warmup, total):
    u = min(t / total, 1)
    return min(1, (t + 1) / (warmup + 1)) * (lr_min + 0.5 * (1 + math.cos(math.pi * u)) * (lr_max - lr_min))
