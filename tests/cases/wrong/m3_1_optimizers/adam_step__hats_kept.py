# wrong: the corrected averages overwrite the state
# status: wrong
# mistake: hats_kept
# says: the next step corrects them again
def adam_step(p, grad, m, v, t, lr, beta1, beta2, eps):
    m = (beta1 * m + (1 - beta1) * grad) / (1 - beta1 ** t)
    v = (beta2 * v + (1 - beta2) * grad ** 2) / (1 - beta2 ** t)
    return p - lr * m / (v.sqrt() + eps), m, v
