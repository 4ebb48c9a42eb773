# wrong: an optimizer of PyTorch with lam as its weight_decay, and all parameters in one group.
# status: wrong
# mistake: half_and_biases_too
def sgd_weight_decay_step(params, grads, lr, lam):
    leaves = {name: torch.nn.Parameter(part.clone()) for name, part in params.items()}
    for name in leaves:
        leaves[name].grad = grads[name].clone()
    torch.optim.SGD(leaves.values(), lr=lr, weight_decay=lam).step()
    return {name: leaf.detach() for name, leaf in leaves.items()}
