# wrong: the tensors of the caller are trained in place
# status: wrong
# mistake: none
# says: Your function changed its argument `weights` in place.
def coordinate_check(weights, x, y, lrs, steps):
    before = _layer_outputs(weights, x)
    for weight in weights:
        weight.requires_grad_()
    for _ in range(steps):
        grads = torch.autograd.grad(((_layer_outputs(weights, x)[-1] - y) ** 2).mean(), weights)
        with torch.no_grad():
            for weight, grad, lr in zip(weights, grads, lrs):
                weight -= lr * grad
    return [(b - a).square().mean().sqrt().item() for a, b in zip(before, _layer_outputs(weights, x))]
