# wrong: a straight line that goes on below lr_min.
# status: wrong
# mistake: none
# says: Two mistakes at once give all of your answers.
def warmup_cosine(t, lr_max, lr_min, warmup, total):
    if t < warmup:
        return lr_max * (t + 1) / (warmup + 1)
    return lr_max - (lr_max - lr_min) * (t - warmup) / (total - warmup)
