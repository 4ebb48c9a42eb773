# right: clones that shrink in place, the biases untouched by it
def sgd_weight_decay_step(params, grads, lr, lam):
    out = {}
    for k in sorted(params):
        new = params[k].clone()
        if not k.startswith("b"):
            new *= 1 - 2 * lr * lam
        new -= lr * grads[k]
        out[k] = new
    return out
