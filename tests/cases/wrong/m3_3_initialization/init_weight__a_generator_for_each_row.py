# wrong: a new generator with the same seed for each unit
# status: wrong
# mistake: equal_units
# says: stay alike for ever
def init_weight(shape, scheme, seed):
    fan_in, fan_out = fans(shape)
    std = math.sqrt({"x": 2 / (fan_in + fan_out), "h": 2 / fan_in, "t": 1 / 3 / fan_in}[scheme[0]])
    rows = []
    for _ in range(shape[0]):
        generator = torch.Generator().manual_seed(seed)
        uniform = (torch.rand(shape[1:], generator=generator) - 0.5) * std * 12**0.5
        normal = torch.randn(shape[1:], generator=generator) * std
        rows.append(normal if scheme.endswith("normal") else uniform)
    return torch.stack(rows)
