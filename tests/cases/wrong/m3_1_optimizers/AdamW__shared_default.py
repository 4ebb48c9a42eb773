# wrong: the states are in a default argument, numbered from 0 in every optimizer
# status: wrong
# mistake: state_of_the_class
# says: a default argument
class AdamW:
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, states={}):
        params = list(params)
        if not isinstance(params[0], dict): params = [{"params": params}]
        self.param_groups = [{"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, **g} for g in params]
        for g in self.param_groups: g["params"] = list(g["params"])
        self.states = states
    def zero_grad(self):
        for g in self.param_groups:
            for p in g["params"]: p.grad = None
    @torch.no_grad()
    def step(self):
        i = 0
        for g in self.param_groups:
            for p in g["params"]:
                i += 1
                if p.grad is None: continue
                t, m, v = self.states.get(i, (0, torch.zeros_like(p), torch.zeros_like(p)))
                p.mul_(1 - g["lr"] * g["weight_decay"])
                q, m, v = adam_step(p, p.grad, m, v, t + 1, g["lr"], *g["betas"], g["eps"])
                self.states[i] = (t + 1, m, v)
                p.copy_(q)
