# wrong: both averages are corrected with beta1
# status: wrong
# mistake: none
def adam_step(p, grad, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad ** 2
    seen = 1 - beta1 ** t
    return p - lr * (m / seen) / ((v / seen).sqrt() + eps), m, v
