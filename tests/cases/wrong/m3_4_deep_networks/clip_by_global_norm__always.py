# wrong: short gradients are lengthened
# status: wrong
# mistake: always_rescaled
# says: Clipping only shortens.
def clip_by_global_norm(grads, max_norm):
    norm = math.sqrt(sum((grad**2).sum().item() for grad in grads))
    return [grad * (max_norm / (norm + 1e-6)) for grad in grads], norm
