# wrong: the formula of most books, which has the sum of the squared errors.
# status: wrong
# mistake: summed
def ridge_closed_form(X, y, lam):
    identity = torch.eye(X.shape[1])
    return torch.inverse(X.T @ X + lam * identity) @ X.T @ y
