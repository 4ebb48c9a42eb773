# wrong: one count of steps for all parameters
# status: wrong
# mistake: one_count
class AdamW:
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        if not isinstance(params[0], dict): params = [{"params": params}]
        self.param_groups = [{"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, **g} for g in params]
        for g in self.param_groups: g["params"] = list(g["params"])
        self.t, self.m, self.v = 0, {}, {}
    def zero_grad(self):
        for g in self.param_groups:
            for p in g["params"]: p.grad = None
    @torch.no_grad()
    def step(self):
        self.t += 1
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None: continue
                m, v = self.m.get(p, torch.zeros_like(p)), self.v.get(p, torch.zeros_like(p))
                p.mul_(1 - g["lr"] * g["weight_decay"])
                q, self.m[p], self.v[p] = adam_step(p, p.grad, m, v, self.t, g["lr"], *g["betas"], g["eps"])
                p.copy_(q)
