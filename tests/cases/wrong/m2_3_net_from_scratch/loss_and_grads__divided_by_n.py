# wrong: the gradient is divided by N, the loss by N * O
# status: wrong
# mistake: outputs_not_counted
# says: With a single output the two are the same
def loss_and_grads(params, X, Y):
    N = X.shape[0]
    h = torch.tanh(X @ params["W1"] + params["b1"])
    diff = h @ params["W2"] + params["b2"] - Y
    loss = torch.mean(diff**2)
    dY = (2.0 / N) * diff
    dh = dY @ params["W2"].T
    dz = dh * (1 - h**2)
    return loss.item(), {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ dY, "b2": dY.sum(0)}
