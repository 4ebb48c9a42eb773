# wrong: torch.var with its default for y as well
# status: wrong
# mistake: unbiased_everywhere
# says: N - 1 is for the running variance alone
def batch_norm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps):
    if not training:
        return gamma * (x - running_mean) / torch.sqrt(running_var + eps) + beta, running_mean, running_var
    if x.size(0) == 1:
        raise ValueError("a batch of one")
    var, mean = torch.var_mean(x, 0)
    y = gamma * (x - mean) * torch.rsqrt(var + eps) + beta
    return y, torch.lerp(running_mean, mean, momentum), torch.lerp(running_var, var, momentum)
