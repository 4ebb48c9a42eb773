# wrong: adds a number to a matrix.
# status: wrong
# mistake: everywhere
def ridge_closed_form(X, y, lam):
    N = len(X)
    A = (X.T @ X) / N + lam
    return torch.linalg.solve(A, (X.T @ y) / N)
