# right: one column after the other, stacked at the end
def standardize(train, test):
    tz, ez, ms, ss = [], [], [], []
    for a, b in zip(train.T, test.T):
        m, s = a.mean(), a.std(unbiased=False)
        if s == 0: s = torch.tensor(1.0)
        tz.append((a - m) / s); ez.append((b - m) / s); ms.append(m); ss.append(s)
    return torch.stack(tz, 1), torch.stack(ez, 1), torch.stack(ms), torch.stack(ss)
