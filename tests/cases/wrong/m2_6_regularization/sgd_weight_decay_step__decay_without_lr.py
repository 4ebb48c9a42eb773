# wrong: the decay does not depend on the learning rate.
# status: wrong
# mistake: without_learning_rate
def sgd_weight_decay_step(params, grads, lr, lam):
    new = {}
    for k in params:
        new[k] = params[k] - lr * grads[k]
        if params[k].dim() == 2:
            new[k] = new[k] - 2 * lam * params[k]
    return new
