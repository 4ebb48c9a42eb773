# wrong: 0 / 0 where all gradients are 0
# status: wrong
# mistake: zero_over_zero
# says: With gradients of 0 you compute 0 / 0
def clip_by_global_norm(grads, max_norm):
    norm = torch.stack([grad.norm() for grad in grads]).norm()
    return [grad / norm * norm.clamp(max=max_norm) for grad in grads], norm.item()
