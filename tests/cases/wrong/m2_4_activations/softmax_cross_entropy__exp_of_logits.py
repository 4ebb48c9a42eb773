# wrong: exp of the logits as they are.
# status: wrong
# mistake: overflow
def softmax_cross_entropy(logits, targets):
    n = logits.shape[0]
    e = logits.exp()
    total = e.sum(1, keepdim=True)
    log_p = logits - total.log()
    grad = log_p.exp()
    grad[range(n), targets] -= 1
    return -log_p[range(n), targets].mean().item(), grad / n
