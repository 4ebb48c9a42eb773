# wrong: momentum is what the running values keep
# status: wrong
# mistake: momentum_reversed
# says: the share of the new batch
def batch_norm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps):
    mean, var = running_mean.clone(), running_var.clone()
    if training and len(x) < 2:
        raise ValueError("too small")
    y = torch.nn.functional.batch_norm(x, mean, var, gamma, beta, training, 1 - momentum, eps)
    return y, mean, var
