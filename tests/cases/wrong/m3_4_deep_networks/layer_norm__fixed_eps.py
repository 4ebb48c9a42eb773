# wrong: PyTorch with its own eps
# status: wrong
# mistake: own_eps
# says: The caller gives it.
def layer_norm(x, gamma, beta, eps):
    return torch.nn.functional.layer_norm(x, x.shape[1:], gamma, beta)
