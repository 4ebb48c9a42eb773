# wrong: a loop that drops only when more than a block is left.
# status: wrong
# mistake: one_step_late
def step_decay(t, lr0, gamma, every):
    while t > every:
        t -= every
        lr0 *= gamma
    return lr0
