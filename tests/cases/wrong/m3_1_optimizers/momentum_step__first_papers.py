# wrong: the learning rate in the velocity, as in the first papers, with PyTorch's sign
# status: wrong
# mistake: learning_rate_in_the_velocity
def momentum_step(p, grad, velocity, lr, mu):
    v = mu * velocity
    v += lr * grad
    return p - v, v
