# wrong: the logarithm of 1 + exp(z).
# status: wrong
# mistake: softplus_overflows
def activation(name, z):
    sigmoid = torch.sigmoid(z)
    if name == "softplus":
        return z.exp().add(1).log()
    if name == "gelu":
        return torch.nn.functional.gelu(z)
    return {"relu": z * (z > 0), "sigmoid": sigmoid, "tanh": torch.tanh(z), "swish": z * sigmoid}[name]
