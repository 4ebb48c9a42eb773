# right: init with nn.init, gradients in float64, an in-place loop over clones, a module of plain parameters
def init_params(d_in, d_hidden, d_out, seed):
    g = torch.Generator()
    g.manual_seed(seed)
    params = {"W1": torch.empty(d_in, d_hidden), "b1": torch.zeros(d_hidden), "W2": torch.empty(d_hidden, d_out)}
    for key in ("W2", "W1"):
        nn.init.normal_(params[key], mean=0.0, std=1 / math.sqrt(params[key].shape[0]), generator=g)
    params["b2"] = torch.zeros(d_out)
    return params


def loss_and_grads(params, X, Y):
    W1, b1, W2, b2 = [params[k].double() for k in ("W1", "b1", "W2", "b2")]
    h = torch.tanh(X.double() @ W1 + b1)
    err = h @ W2 + b2 - Y.double()
    N, O = Y.shape
    dY = 2 / (N * O) * err
    dz = torch.mm(dY, W2.t()) * (1 - h * h)
    grads = dict(W1=X.double().t() @ dz, b1=dz.sum(0), W2=h.t() @ dY, b2=dY.sum(0))
    return (err**2).sum() / (N * O), {k: g.float() for k, g in grads.items()}


def train_network(params, X, Y, lr, steps):
    params = {k: p.detach().clone() for k, p in params.items()}
    losses = []
    for step in range(steps):
        loss, grads = loss_and_grads(params, X, Y)
        losses.append(float(loss))
        for k in params:
            params[k] -= lr * grads[k]
    return params, losses


class TanhNet(nn.Module):
    def __init__(self, params):
        super(TanhNet, self).__init__()
        for name, value in params.items():
            setattr(self, name, nn.Parameter(value.detach().clone()))

    def forward(self, X):
        hidden = torch.tanh(X @ self.W1 + self.b1)
        return hidden @ self.W2 + self.b2

    def to_params(self):
        return {name: p.detach().clone() for name, p in self.named_parameters()}
