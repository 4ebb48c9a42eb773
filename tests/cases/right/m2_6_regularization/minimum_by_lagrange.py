# right: one system of N + D equations, with multipliers
def minimum_norm_fit(X, y):
    N, D = X.shape
    top = torch.cat([torch.eye(D), X.T], dim=1)
    low = torch.cat([X, torch.zeros(N, N)], dim=1)
    return torch.linalg.solve(torch.cat([top, low]), torch.cat([torch.zeros(D), y]))[:D]
