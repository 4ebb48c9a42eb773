# wrong: adds up the outputs of a sample before it averages over the samples
# status: wrong
# mistake: divided_by_samples
def line_profile(params_a, params_b, X, Y, alphas):
    losses = []
    for alpha in alphas:
        W1, b1, W2, b2 = (torch.lerp(params_a[k], params_b[k], alpha) for k in ("W1", "b1", "W2", "b2"))
        errors = torch.tanh(X @ W1 + b1) @ W2 + b2 - Y
        losses.append(errors.square().sum(dim=1).mean().item())
    return losses
