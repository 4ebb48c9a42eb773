# wrong: Adam with a penalty in the gradient
# status: wrong
# mistake: decay_in_the_gradient
# says: beside the step of Adam
class AdamW:
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        if not isinstance(params[0], dict): params = [{"params": params}]
        self.param_groups = [{"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, **g} for g in params]
        for g in self.param_groups: g["params"] = list(g["params"])
        self.state = {}
    def zero_grad(self):
        for g in self.param_groups:
            for p in g["params"]: p.grad = None
    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None: continue
                s = self.state.setdefault(p, {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)})
                s["t"] += 1
                d = p.grad + g["weight_decay"] * p
                q, s["m"], s["v"] = adam_step(p, d, s["m"], s["v"], s["t"], g["lr"], *g["betas"], g["eps"])
                p.copy_(q)
