# wrong: every mixture starts where the last one ended
# status: wrong
# mistake: from_the_last_mixture
def line_profile(params_a, params_b, X, Y, alphas):
    p, losses = {k: v.clone() for k, v in params_a.items()}, []
    for alpha in alphas:
        for k in p:
            p[k] += alpha * (params_b[k] - p[k])
        losses.append(((torch.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"] - Y) ** 2).mean().item())
    return losses
