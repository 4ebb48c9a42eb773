# right: torch.vmap over the first axis, in double precision, and a list
def momentum_step(p, grad, velocity, lr, mu):
    both = torch.vmap(lambda a, g, u: (a - lr * (mu * u + g), mu * u + g))
    return list(both(p.double(), grad.double(), velocity.double()))
