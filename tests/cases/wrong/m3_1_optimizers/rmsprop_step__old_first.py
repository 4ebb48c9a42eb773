# wrong: steps first and averages afterwards
# status: wrong
# mistake: old_average
def rmsprop_step(p, grad, sq, lr, alpha, eps):
    p = p - lr * grad / (torch.sqrt(sq) + eps)
    return p, alpha * sq + (1 - alpha) * grad * grad
