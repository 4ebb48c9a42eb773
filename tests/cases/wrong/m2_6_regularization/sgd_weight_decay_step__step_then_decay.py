# wrong: decays what the step has left.
# status: wrong
# mistake: after_the_step
def sgd_weight_decay_step(params, grads, lr, lam):
    new = {k: v - lr * grads[k] for k, v in params.items()}
    for k in new:
        if k.startswith("W"):
            new[k] *= 1 - 2 * lr * lam
    return new
