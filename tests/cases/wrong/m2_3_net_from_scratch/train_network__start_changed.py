# wrong: a copy of the dict, and updates in place
# status: wrong
# mistake: caller_changed
# says: copies the dict but not the tensors in it
def train_network(params, X, Y, lr, steps):
    params = params.copy()
    losses = []
    for _ in range(steps):
        loss, grads = loss_and_grads(params, X, Y)
        losses.append(loss)
        for key in params:
            params[key] -= lr * grads[key]
    return params, losses
