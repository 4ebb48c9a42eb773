# wrong: the gradient of the error has its 2, and that of the penalty has not.
# status: wrong
# mistake: half
def ridge_closed_form(X, y, lam):
    n = X.size(0)
    A = 2 * torch.einsum("ni,nj->ij", X, X) / n
    A += torch.diag(torch.full((X.size(1),), lam))
    return torch.linalg.inv(A) @ (2 * X.T @ y / n)
