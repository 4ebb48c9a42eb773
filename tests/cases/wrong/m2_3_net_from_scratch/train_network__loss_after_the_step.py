# wrong: the loss is recorded after the update
# status: wrong
# mistake: losses_after_the_updates
def train_network(params, X, Y, lr, steps):
    params = {k: v.clone() for k, v in params.items()}
    losses = []
    for _ in range(steps):
        _, grads = loss_and_grads(params, X, Y)
        params = {k: params[k] - lr * grads[k] for k in grads}
        loss, _ = loss_and_grads(params, X, Y)
        losses.append(loss)
    return params, losses
