# right: all parameters numbered through all groups, .data, and the student's adam_step
class AdamW:
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        params = list(params)
        groups = params if all(isinstance(g, dict) for g in params) else [dict(params=params)]
        self.param_groups = [dict(dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay), **g) for g in groups]
        for g in self.param_groups: g["params"] = [*g["params"]]
        self.states = [None] * sum(len(g["params"]) for g in self.param_groups)
    def zero_grad(self):
        [setattr(p, "grad", None) for g in self.param_groups for p in g["params"]]
    def step(self):
        i = -1
        for g in self.param_groups:
            for p in g["params"]:
                i += 1
                if p.grad is not None:
                    m, v, t = self.states[i] or (torch.zeros_like(p.data), torch.zeros_like(p.data), 0)
                    start = p.data * (1 - g["lr"] * g["weight_decay"])
                    q, m, v = adam_step(start, p.grad.data, m, v, t + 1, g["lr"], *g["betas"], g["eps"])
                    p.data = q
                    self.states[i] = (m, v, t + 1)
