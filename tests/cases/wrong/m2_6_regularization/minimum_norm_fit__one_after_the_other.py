# wrong: fits each sample as if it were the only one.
# status: wrong
# mistake: samples_one_by_one
def minimum_norm_fit(X, y):
    w = torch.zeros(X.shape[1])
    for x, target in zip(X, y):
        w = w + target / (x @ x) * x
    return w
