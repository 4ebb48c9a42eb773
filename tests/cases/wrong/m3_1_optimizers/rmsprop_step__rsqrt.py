# wrong: rsqrt of the average plus eps
# status: wrong
# mistake: eps_inside
# says: PyTorch adds it to the root
def rmsprop_step(p, grad, sq, lr, alpha, eps):
    sq = torch.lerp(grad.square(), sq, alpha)
    return p - lr * grad * torch.rsqrt(sq + eps), sq
