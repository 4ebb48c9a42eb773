# right: two passes over the losses, matrix products, nested lists in plain Python, and one flat vector of parameters
def early_stopping(val_losses, patience, min_delta):
    best = [0]
    for i in range(1, len(val_losses)):
        best.append(i if val_losses[i] < val_losses[best[-1]] - min_delta else best[-1])
    stops = [i for i, b in enumerate(best) if i - b >= patience]
    end = stops[0] if stops else len(best) - 1
    return {"stop": stops[0] if stops else None, "best": best[end], "loss": torch.tensor(val_losses[best[end]])}


def batch_norm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps):
    n = len(x)
    if not training:
        return (x - running_mean) @ torch.diag(gamma / torch.sqrt(running_var + eps)) + beta, running_mean, running_var
    if n == 1: raise ValueError
    C = x - torch.ones(n, n) @ x / n
    S = torch.diagonal(C.T @ C)
    y = C @ torch.diag(gamma / torch.sqrt(S / n + eps)) + beta
    return [y, (1 - momentum) * running_mean + momentum * x.sum(0) / n, (1 - momentum) * running_var + momentum * S / (n - 1)]


def mixup(X, labels, classes, order, lam, smoothing):
    soft = [[smoothing / classes + (1 - smoothing) * (k == int(l)) for k in range(classes)] for l in labels]
    mix = lambda M: [[lam * a + (1 - lam) * b for a, b in zip(M[i], M[j])] for i, j in enumerate(order)]
    return torch.tensor(mix(X.tolist())), torch.tensor(mix(soft))


class EMA:
    def __init__(self, params, decay):
        self.params, self.decay, self.t, self.v = list(params), decay, 0, 0.0
    def update(self):
        flat = torch.nn.utils.parameters_to_vector([p.detach() for p in self.params])
        self.v = self.decay * self.v + (1 - self.decay) * flat
        self.t += 1
    def average(self):
        flat, out, i = self.v / (1 - self.decay ** self.t), [], 0
        for p in self.params:
            out.append(flat[i : i + p.numel()].view_as(p).clone())
            i += p.numel()
        return out
