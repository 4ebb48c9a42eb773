# wrong: the own class gets no part of the smoothing
# status: wrong
# mistake: rest_for_the_others
# says: It goes to all classes, the own one included
def mixup(X, labels, classes, order, lam, smoothing):
    Y = torch.full((len(X), classes), smoothing / (classes - 1))
    Y[torch.arange(len(X)), labels] = 1 - smoothing
    return torch.lerp(X[order], X, lam), torch.lerp(Y[order], Y, lam)
