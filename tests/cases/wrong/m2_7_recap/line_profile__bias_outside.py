# wrong: adds b1 after tanh
# status: wrong
# mistake: none
def line_profile(params_a, params_b, X, Y, alphas):
    losses = []
    for alpha in alphas:
        p = {k: (1 - alpha) * params_a[k] + alpha * params_b[k] for k in params_a}
        h = torch.tanh(X @ p["W1"]) + p["b1"]
        losses.append(((h @ p["W2"] + p["b2"] - Y) ** 2).mean().item())
    return losses
