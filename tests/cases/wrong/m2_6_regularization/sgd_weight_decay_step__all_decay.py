# wrong: everything decays.
# status: wrong
# mistake: biases_too
def sgd_weight_decay_step(params, grads, lr, lam):
    return {k: (1 - 2 * lr * lam) * v - lr * grads[k] for k, v in params.items()}
