# wrong: a small number is added to the standard deviation
# status: wrong
# mistake: tiny_for_zero
def standardize(train, test):
    m = train.mean(dim=0); s = train.std(dim=0, unbiased=False) + 1e-6
    return (train - m) / s, (test - m) / s, m, s
