# right: everything in float32, the powers of the betas too, and both corrections in the learning rate
def adam_step(p, grad, m, v, t, lr, beta1, beta2, eps):
    b1, b2, t = torch.tensor(beta1), torch.tensor(beta2), torch.tensor(float(t))
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad.square()
    root = torch.sqrt(1 - torch.pow(b2, t))
    return p - lr * root / (1 - torch.pow(b1, t)) * m / (v.sqrt() + eps * root), m, v
