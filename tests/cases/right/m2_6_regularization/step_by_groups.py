# right: torch.optim.SGD with two groups
def sgd_weight_decay_step(params, grads, lr, lam):
    leaves = {k: torch.nn.Parameter(v.clone()) for k, v in params.items()}
    for k, leaf in leaves.items():
        leaf.grad = grads[k].clone()
    decay = [leaf for leaf in leaves.values() if leaf.ndim > 1]
    no_decay = [leaf for leaf in leaves.values() if leaf.ndim == 1]
    groups = [{"params": decay, "weight_decay": 2 * lam}, {"params": no_decay, "weight_decay": 0}]
    torch.optim.SGD(groups, lr=lr).step()
    return leaves
