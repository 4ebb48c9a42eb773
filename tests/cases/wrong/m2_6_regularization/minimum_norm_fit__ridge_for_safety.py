# wrong: a small number on the diagonal.
# status: wrong
# mistake: a_little_ridge
def minimum_norm_fit(X, y):
    gram = X.mm(X.t())
    gram += 0.001 * torch.eye(len(gram))
    return X.T @ gram.inverse() @ y
