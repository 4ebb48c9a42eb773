# wrong: an exact fit with as many features as samples, and zeros for the others.
# status: wrong
# mistake: first_columns
def minimum_norm_fit(X, y):
    n = X.shape[0]
    w = torch.zeros(X.shape[1])
    w[:n] = torch.inverse(X[:, :n]) @ y
    return w
