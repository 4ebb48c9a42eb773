# wrong: rand where randn belongs, and the other way round
# status: wrong
# mistake: exchanged_forms
# unsaid: All your weights are uniform
def init_weight(shape, scheme, seed):
    generator = torch.Generator().manual_seed(seed)
    fan_in, fan_out = fans(shape)
    std = math.sqrt({"x": 2 / (fan_in + fan_out), "h": 2 / fan_in, "t": 1 / 3 / fan_in}[scheme[0]])
    if "uniform" in scheme:
        return torch.randn(shape, generator=generator) * std
    return (torch.rand(shape, generator=generator) - 0.5) * std * 12**0.5
