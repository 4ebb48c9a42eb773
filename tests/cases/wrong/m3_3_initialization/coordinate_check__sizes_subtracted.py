# wrong: the change of the size for the size of the change
# status: wrong
# mistake: difference_of_the_sizes
# says: Outputs can change much and keep their size
def coordinate_check(weights, x, y, lrs, steps):
    def sizes(parts):
        return [output.detach().square().mean().sqrt() for output in _layer_outputs(parts, x)]

    trained = [weight.clone().requires_grad_() for weight in weights]
    before = sizes(weights)
    for _ in range(steps):
        loss = ((_layer_outputs(trained, x)[-1] - y) ** 2).mean()
        for weight, grad, lr in zip(trained, torch.autograd.grad(loss, trained), lrs):
            weight.data -= lr * grad
    return [abs(b - a).item() for a, b in zip(before, sizes(trained))]
