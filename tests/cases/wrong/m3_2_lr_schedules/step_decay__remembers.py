# wrong: multiplies a global rate, as an optimizer does.
# status: wrong
# mistake: none
# says: It keeps something from one call to the next
_lr = None


def step_decay(t, lr0, gamma, every):
    global _lr
    if t == 0 or _lr is None:
        _lr = lr0
    elif t % every == 0:
        _lr *= gamma
    return _lr
