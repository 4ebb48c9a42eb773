# wrong: one learning rate for all layers
# status: wrong
# mistake: first_rate_for_all
# says: Each layer has its own.
def coordinate_check(weights, x, y, lrs, steps):
    trained = [weight.clone().requires_grad_() for weight in weights]
    optimizer = torch.optim.SGD(trained, lr=lrs[0])
    for _ in range(steps):
        optimizer.zero_grad()
        ((_layer_outputs(trained, x)[-1] - y) ** 2).mean().backward()
        optimizer.step()
    pairs = zip(_layer_outputs(trained, x), _layer_outputs(weights, x))
    return [(a - b).square().mean().sqrt().item() for a, b in pairs]
