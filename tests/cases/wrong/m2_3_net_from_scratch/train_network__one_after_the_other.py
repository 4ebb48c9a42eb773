# wrong: each parameter moves before the gradient of the next one is computed
# status: wrong
# mistake: hidden_layer_first
def train_network(params, X, Y, lr, steps):
    params = {k: v.clone() for k, v in params.items()}
    losses = []
    for _ in range(steps):
        losses.append(loss_and_grads(params, X, Y)[0])
        for k in ("W1", "b1", "W2", "b2"):
            grads = loss_and_grads(params, X, Y)[1]
            params[k] = params[k] - lr * grads[k]
    return params, losses
