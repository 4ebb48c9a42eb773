# wrong: the running average of many books
# status: wrong
# mistake: averaged
# says: torch.optim.SGD adds the gradient in full
def momentum_step(p, grad, velocity, lr, mu):
    velocity = torch.lerp(grad, velocity, mu)
    return p.sub(velocity, alpha=lr), velocity
