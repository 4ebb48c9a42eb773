# right: recursion, torch.func.vmap over the columns, the gradient of torch's loss, and a mean of a kept history
def early_stopping(val_losses, patience, min_delta):
    def go(i, best, waited):
        if waited == patience: return {"stop": i - 1, "best": best, "loss": val_losses[best]}
        if i == len(val_losses): return {"stop": None, "best": best, "loss": val_losses[best]}
        better = val_losses[best] - val_losses[i] > min_delta
        return go(i + 1, i if better else best, 0 if better else waited + 1)
    return go(1, 0, 0)


def batch_norm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps):
    if training and x.shape[0] < 2: raise ValueError("one row")
    def column(c, g, b, m, v):
        if training:
            mu = c.mean()
            return g * (c - mu) / torch.sqrt(((c - mu) ** 2).mean() + eps) + b, m + momentum * (mu - m), v + momentum * (c.var() - v)
        return g * (c - m) / torch.sqrt(v + eps) + b, m.clone(), v.clone()
    return torch.func.vmap(column, in_dims=(1, 0, 0, 0, 0), out_dims=(1, 0, 0))(x, gamma, beta, running_mean, running_var)


def mixup(X, labels, classes, order, lam, smoothing):
    z = torch.zeros(len(X), classes, requires_grad=True)
    torch.nn.functional.cross_entropy(z, labels, label_smoothing=smoothing, reduction="sum").backward()
    Y, i = 1 / classes - z.grad, torch.tensor(order)
    return lam * X + (1 - lam) * X.index_select(0, i), lam * Y + (1 - lam) * Y.index_select(0, i)


class EMA:
    def __init__(self, params, decay):
        self.params, self.decay, self.history = [*params], decay, []
    def update(self):
        self.history.append([p.detach().numpy().copy() for p in self.params])
    def average(self):
        n = len(self.history)
        shares = [self.decay ** (n - 1 - k) for k in range(n)]
        return [torch.tensor(sum(a * h[i] for a, h in zip(shares, self.history)) / sum(shares)) for i in range(len(self.params))]
