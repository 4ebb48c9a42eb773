# right: gradients set to 0 in place, states by id, decay and step subtracted together
class AdamW:
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        if not isinstance(params[0], dict): params = [{"params": params}]
        self.param_groups = []
        for g in params:
            d = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
            d.update(g)
            d["params"] = list(g["params"])
            self.param_groups.append(d)
        self.m, self.v, self.t = {}, {}, {}
    def zero_grad(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None: p.grad.zero_()
    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            b1, b2 = g["betas"]
            for p in g["params"]:
                if p.grad is None: continue
                k = id(p)
                t = self.t[k] = self.t.get(k, 0) + 1
                self.m[k] = b1 * self.m.get(k, 0) + (1 - b1) * p.grad
                self.v[k] = b2 * self.v.get(k, 0) + (1 - b2) * p.grad ** 2
                step = self.m[k] / (1 - b1 ** t) / ((self.v[k] / (1 - b2 ** t)).sqrt() + g["eps"])
                p -= g["lr"] * (step + g["weight_decay"] * p)
