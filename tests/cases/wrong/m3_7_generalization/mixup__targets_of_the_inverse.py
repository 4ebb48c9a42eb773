# wrong: sample order[n] gets sample n as its partner, in inputs and targets
# status: wrong
# mistake: inverse_order
# says: Sample n is mixed with sample order[n]
def mixup(X, labels, classes, order, lam, smoothing):
    Y = torch.eye(classes)[labels] * (1 - smoothing) + smoothing / classes
    A, B = lam * X, lam * Y
    for n, m in enumerate(order):
        A[m] += (1 - lam) * X[n]
        B[m] += (1 - lam) * Y[n]
    return A, B
