# right: torch.nn.init, torch.optim.SGD with groups, layers and norms


def fans(shape):
    return torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape, device="meta"))


def init_weight(shape, scheme, seed):
    generator = torch.Generator().manual_seed(seed)
    weight = torch.empty(shape)
    if scheme == "torch_default":
        return torch.nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
    return getattr(torch.nn.init, scheme.replace("he", "kaiming") + "_")(weight, generator=generator)


def signal_rms(weights, x, activation):
    sizes = []
    for weight in weights:
        x = torch.nn.functional.linear(x, weight)
        if activation != "identity":
            x = getattr(torch, activation)(x)
        sizes.append(x.norm() / x.numel() ** 0.5)
    return torch.stack(sizes).tolist() if sizes else []


def coordinate_check(weights, x, y, lrs, steps):
    trained = [torch.nn.Parameter(weight.clone()) for weight in weights]
    optimizer = torch.optim.SGD([{"params": part, "lr": lr} for part, lr in zip(trained, lrs)], lr=1.0)
    before = [output.detach() for output in _layer_outputs(trained, x)]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(_layer_outputs(trained, x)[-1], y).backward()
        optimizer.step()
    return [(b - a).pow(2).mean() ** 0.5 for a, b in zip(before, _layer_outputs(trained, x))]
