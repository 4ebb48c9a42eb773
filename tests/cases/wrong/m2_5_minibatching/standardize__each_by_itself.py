# wrong: a helper standardises both by themselves
# status: wrong
# mistake: test_by_itself
def standardize(train, test):
    def one(t):
        m, s = t.mean(0), t.std(0, unbiased=False)
        s[s == 0] = 1
        return (t - m) / s, m, s
    a, m, s = one(train)
    b, _, _ = one(test)
    return a, b, m, s
