# wrong: centres first, as libraries do that fit a bias.
# status: wrong
# mistake: with_a_bias
def ridge_closed_form(X, y, lam):
    Xc, yc = X - X.mean(0, keepdim=True), y - y.mean()
    U, S, Vt = torch.linalg.svd(Xc / len(X) ** 0.5, full_matrices=False)
    return Vt.T @ (S / (S.square() + lam) * (U.T @ yc)) / len(X) ** 0.5
