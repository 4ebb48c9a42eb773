# right: lstsq with a vector
def minimum_norm_fit(X, y):
    return torch.linalg.lstsq(X, y).solution
