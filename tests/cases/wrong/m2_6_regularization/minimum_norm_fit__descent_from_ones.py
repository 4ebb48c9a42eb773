# wrong: gradient descent, but not from 0.
# status: wrong
# mistake: nearest_to_ones
def minimum_norm_fit(X, y):
    w = torch.ones(X.shape[1], dtype=torch.float64)
    A, t = X.double(), y.double()
    lr = 1 / (A**2).sum()
    for _ in range(2000):
        w -= lr * A.T @ (A @ w - t)
    return w
