# wrong: one norm for all entries
# status: wrong
# mistake: none
def rmsprop_step(p, grad, sq, lr, alpha, eps):
    sq = alpha * sq + (1 - alpha) * grad ** 2
    return p - lr * grad / (sq.norm() + eps), sq
