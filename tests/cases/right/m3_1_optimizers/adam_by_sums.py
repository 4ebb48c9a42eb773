# right: the corrections as sums of shares, not as powers
def adam_step(p, grad, m, v, t, lr, beta1, beta2, eps):
    m = torch.lerp(grad, m, beta1)
    v = torch.lerp(grad * grad, v, beta2)
    seen_m = (1 - beta1) * sum(beta1 ** k for k in range(t))
    seen_v = (1 - beta2) * sum(beta2 ** k for k in range(t))
    return p - lr * (m / seen_m) / ((v / seen_v).sqrt() + eps), m, v
