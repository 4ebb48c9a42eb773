# right: plain Python for the formulas, and loops over the samples
def mul_add_backward(a, b, c):
    f = math.tanh(a * b + a + c)
    slope = (1 - f) * (1 + f)
    slopes = {"a": 0.0, "b": 0.0, "c": 0.0}
    for name, local in (("c", 1.0), ("a", 1.0), ("a", b), ("b", a)):
        slopes[name] += slope * local
    slopes["f"] = f
    return slopes


def linear_backward(X, W, grad_out):
    rows = []
    dW = torch.zeros(W.shape)
    db = torch.zeros(W.shape[1])
    for x, g in zip(X, grad_out):
        rows.append(W @ g)
        dW = dW + x[:, None] * g[None, :]
        db = db + g
    return torch.stack(rows) if rows else torch.zeros_like(X), dW, db


def unbroadcast(grad, shape):
    result = torch.zeros(shape)
    missing = grad.ndim - len(shape)
    for place in torch.cartesian_prod(*[torch.arange(n) for n in grad.shape]).reshape(-1, grad.ndim).tolist() if grad.ndim else [[]]:
        own = tuple(0 if shape[i] == 1 else place[missing + i] for i in range(len(shape)))
        result[own] = result[own] + grad[tuple(place)]
    return result
