# wrong: the gradients of the biases are means over the samples
# status: wrong
# mistake: bias_gradients_averaged
def loss_and_grads(params, X, Y):
    h = torch.tanh(X @ params["W1"] + params["b1"])
    diff = h @ params["W2"] + params["b2"] - Y
    dY = 2 * diff / diff.numel()
    dz = (dY @ params["W2"].T) * (1 - h**2)
    grads = {"W2": h.T @ dY, "b2": dY.mean(dim=0), "W1": X.T @ dz, "b1": dz.mean(dim=0)}
    return torch.mean(diff**2).item(), grads
