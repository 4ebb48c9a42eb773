# right: the variance with N - 1, corrected, and a list of results
def standardize(train, test):
    n = len(train)
    m = train.mean(0)
    v = train.var(0) * (n - 1) / n if n > 1 else torch.zeros_like(m)
    s = v.sqrt(); s[v == 0] = 1
    return (train - m) / s, (test - m) / s, m, s
