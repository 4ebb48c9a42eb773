# wrong: torch.std, with eps beside it
# status: wrong
# mistake: std_of_torch
# says: torch.std divides by D - 1 by default
def layer_norm(x, gamma, beta, eps):
    mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)
    return gamma * (x - mean) / (std + eps) + beta
