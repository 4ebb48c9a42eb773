# wrong: Nesterov's momentum, by PyTorch itself
# status: wrong
# mistake: nesterov
# says: only with `nesterov=True`
def momentum_step(p, grad, velocity, lr, mu):
    w = p.clone().requires_grad_()
    w.grad = grad.clone()
    sgd = torch.optim.SGD([w], lr=lr, momentum=mu or 1e-12, nesterov=True)
    sgd.state[w]["momentum_buffer"] = velocity.clone()
    sgd.step()
    return w.detach(), sgd.state[w]["momentum_buffer"]
