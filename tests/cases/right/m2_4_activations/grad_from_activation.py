# right: every slope from the values of activation, with a match statement
def activation_grad(name, z):
    a = activation(name, z)
    gate = activation("sigmoid", z)
    match name:
        case "relu":
            return torch.where(a > 0, 1.0, 0.0)
        case "sigmoid":
            return a - a * a
        case "tanh":
            return 1 - a.square()
        case "swish":
            return a + gate * (1 - a)
        case "softplus":
            return 1 - torch.exp(-a)
        case "gelu":
            cdf = torch.distributions.Normal(0, 1).cdf(z)
            return cdf + z * (-0.5 * z.pow(2)).exp() / (2 * torch.pi) ** 0.5
