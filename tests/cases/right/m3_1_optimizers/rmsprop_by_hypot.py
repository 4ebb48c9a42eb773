# right: the new root as the hypotenuse of two old ones
def rmsprop_step(p, grad, sq, lr, alpha, eps):
    root = torch.hypot((alpha * sq).sqrt(), (1 - alpha) ** 0.5 * grad)
    return p - lr * grad / (root + eps), root ** 2
