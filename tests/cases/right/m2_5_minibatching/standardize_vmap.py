# right: one column, and torch.func.vmap
def standardize(train, test):
    def f(a):
        m = a.mean(); s = ((a - m) ** 2).mean().sqrt()
        return m, torch.where(s == 0, 1.0, s)
    m, s = torch.func.vmap(f, in_dims=1)(train)
    return (train - m) / s, (test - m) / s, m, s
