# right: boolean masks for the two sides of 0, written into a zero tensor
def activation(name, z):
    out = torch.zeros_like(z)
    neg = z < 0
    e = torch.exp(torch.where(neg, z, -z))
    sig = torch.where(neg, e / (1 + e), 1 / (1 + e))
    if name == "relu":
        out[~neg] = z[~neg]
    elif name == "sigmoid":
        out = sig
    elif name == "tanh":
        out = torch.where(neg, (e * e - 1) / (e * e + 1), (1 - e * e) / (1 + e * e))
    elif name in ("swish", "silu"):
        out = z * sig
    elif name == "softplus":
        out[neg] = torch.log(1 + e[neg])
        out[~neg] = z[~neg] + torch.log(1 + e[~neg])
    elif name == "gelu":
        out = 0.5 * z * (1.0 + torch.special.erf(z * 0.7071067811865476))
    return out
