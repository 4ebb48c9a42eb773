# wrong: puts z into the formulas that take the value.
# status: wrong
# mistake: both_slopes_from_z
def activation_grad(name, z):
    s = torch.sigmoid(z)
    if name == "relu":
        return (z > 0).float()
    if name == "sigmoid":
        return z - z * z
    if name == "tanh":
        return 1 - z * z
    if name == "swish":
        return s * (1 + z * (1 - s))
    if name == "softplus":
        return s
    return torch.special.ndtr(z) + z * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
