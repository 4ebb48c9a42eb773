# wrong: the statistics of both data sets joined
# status: wrong
# mistake: all_together
def standardize(train, test):
    both = torch.cat((train, test))
    m, s = both.mean(0), both.std(0, unbiased=False)
    s[s == 0] = 1
    return (train - m) / s, (test - m) / s, m, s
