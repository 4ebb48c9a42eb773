# wrong: the other exercise, fans, is wrong, and init_weight is right
# status: wrong
# mistake: none
# says: `init_weight` calls `fans`, which is wrong: mend `fans` first.
def fans(shape):
    return shape[0], shape[1]


def init_weight(shape, scheme, seed):
    generator = torch.Generator().manual_seed(seed)
    fan_in, fan_out = fans(shape)
    std = math.sqrt({"x": 2 / (fan_in + fan_out), "h": 2 / fan_in, "t": 1 / 3 / fan_in}[scheme[0]])
    if "normal" in scheme:
        return torch.randn(shape, generator=generator) * std
    return (torch.rand(shape, generator=generator) - 0.5) * std * 12**0.5
