# wrong: N - 1 in the standard deviation, 0 for one sample
# status: wrong
# mistake: n_minus_one
def standardize(train, test):
    m = train.mean(dim=0); s = train.std(dim=0) if len(train) > 1 else torch.zeros(train.shape[1])
    s = torch.where(s == 0, torch.ones_like(s), s)
    return (train - m) / s, (test - m) / s, m, s
