# wrong: W2 is not transposed on the way back
# status: raised
# mistake: weights_not_transposed
def loss_and_grads(params, X, Y):
    h = torch.tanh(X @ params["W1"] + params["b1"])
    e = h @ params["W2"] + params["b2"] - Y
    g = 2 * e / e.numel()
    gh = g @ params["W2"]
    gz = gh * (1 - h**2)
    return (e**2).mean().item(), {"W1": X.T @ gz, "b1": gz.sum(0), "W2": h.T @ g, "b2": g.sum(0)}
