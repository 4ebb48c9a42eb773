# wrong: mu is always 0.9
# status: wrong
# mistake: none
# says: 0.9
def momentum_step(p, grad, velocity, lr, mu=0.9):
    mu = 0.9
    velocity = mu * velocity + grad
    return p - lr * velocity, velocity
