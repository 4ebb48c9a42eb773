# right: torch.func.grad of the penalty
def sgd_weight_decay_step(params, grads, lr, lam):
    def penalty(p):
        total = torch.zeros(())
        for k in p:
            if k[0] == "W":
                total = total + lam * p[k].square().sum()
        return total

    pulls = torch.func.grad(penalty)(params)
    return {k: params[k] - lr * (grads[k] + pulls[k]) for k in params}
