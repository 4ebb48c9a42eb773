# wrong: Adam without a correction, as an in-place program
# status: wrong
# mistake: not_corrected
# says: 3.16 times
def adam_step(p, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = m.clone(), v.clone()
    m.mul_(beta1).add_(grad, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    return p.addcdiv(m, v.sqrt().add_(eps), value=-lr), m, v
