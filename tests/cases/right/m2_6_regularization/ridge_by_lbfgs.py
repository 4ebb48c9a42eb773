# right: an optimizer that runs to the bottom
def ridge_closed_form(X, y, lam):
    w = torch.zeros(X.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=200, tolerance_grad=1e-10, tolerance_change=1e-14, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = ((X @ w - y) ** 2).mean() + lam * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return w
