# wrong: counts steps from 1.
# status: wrong
# mistake: one_step_early
def step_decay(t, lr0, gamma, every):
    lr = lr0
    for step in range(1, t + 2):
        if step % every == 0:
            lr = lr * gamma
    return lr
