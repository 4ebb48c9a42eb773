# right: torch.optim.SGD whose buffer is loaded from a state dict
def momentum_step(p, grad, velocity, lr, mu):
    w = nn.Parameter(p.clone())
    w.grad = grad
    if mu == 0:
        torch.optim.SGD([w], lr=lr).step()
        return w, grad.clone()
    sgd = torch.optim.SGD([w], lr=lr, momentum=mu)
    settings = sgd.state_dict()["param_groups"]
    sgd.load_state_dict({"state": {0: {"momentum_buffer": velocity.clone()}}, "param_groups": settings})
    sgd.step()
    return w, sgd.state[w]["momentum_buffer"]
