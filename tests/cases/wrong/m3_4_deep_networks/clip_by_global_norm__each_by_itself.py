# wrong: each tensor is clipped by itself
# status: wrong
# mistake: tensor_by_tensor
# says: the direction of the step turns
def clip_by_global_norm(grads, max_norm):
    clipped = []
    for grad in grads:
        own = grad.norm().item()
        clipped.append(grad * max_norm / own if own > max_norm else grad.clone())
    return clipped, torch.cat([grad.flatten() for grad in grads]).norm().item()
