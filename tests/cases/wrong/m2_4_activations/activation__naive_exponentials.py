# wrong: all formulas as in the book, with math.e to the power of z.
# status: wrong
# mistake: everything_overflows
def activation(name, z):
    ez = math.e**z
    table = {
        "relu": torch.relu(z),
        "sigmoid": ez / (ez + 1),
        "tanh": torch.tanh(z),
        "swish": z * ez / (ez + 1),
        "softplus": torch.log(ez + 1),
        "gelu": torch.nn.functional.gelu(z),
    }
    return table[name]
