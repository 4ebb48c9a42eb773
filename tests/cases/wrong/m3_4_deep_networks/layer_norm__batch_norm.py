# wrong: the samples are averaged
# status: wrong
# mistake: over_the_batch
# says: that is batch normalization
def layer_norm(x, gamma, beta, eps):
    normal = (x - x.mean(0)) / torch.sqrt(x.var(0, correction=0) + eps)
    return normal * gamma + beta
