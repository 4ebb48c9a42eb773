# wrong: relu has the slope 1 from 0 on.
# status: wrong
# mistake: relu_at_zero
def activation_grad(name, z):
    if name == "relu":
        g = torch.ones_like(z)
        g[z < 0] = 0
        return g
    t = z.clone().requires_grad_()
    functional = torch.nn.functional
    y = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "swish": functional.silu, "softplus": functional.softplus, "gelu": functional.gelu}[name](t)
    y.sum().backward()
    return t.grad
