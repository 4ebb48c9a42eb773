# wrong: the slope of a product is taken for its gate.
# status: wrong
# mistake: both_gates_only
def activation_grad(name, z):
    gate = torch.sigmoid(z)
    if name == "gelu":
        return torch.distributions.Normal(0.0, 1.0).cdf(z)
    if name in ("swish", "softplus"):
        return gate
    if name == "relu":
        return torch.heaviside(z, torch.zeros(()))
    return gate * (1 - gate) if name == "sigmoid" else 1 - torch.tanh(z).pow(2)
