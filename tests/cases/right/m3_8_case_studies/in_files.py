# right: torch.save into memory as a tensor of bytes, torch.func, numpy, and modules that are counted
import io

import numpy as np
from torch import nn


def training_budget(sizes, tied, tokens, shards):
    d = sizes["d_model"]

    def count(*modules):
        return sum(p.numel() for module in modules for p in module.parameters())

    layers = range(sizes["n_layers"])
    table = count(nn.Embedding(sizes["vocab"], d))
    result = {
        "embedding": table,
        "attention": count(*(nn.Linear(d, size, bias=False) for _ in layers for size in (3 * d, d))),
        "mlp": count(*(nn.Linear(d, 2 * sizes["d_ff"], bias=False) for _ in layers)),
        "norms": count(nn.RMSNorm(d), *(nn.RMSNorm(2 * d) for _ in layers)),
        "head": 0 if tied else table,
    }
    total = sum(result.values())
    forward = 2 * total * tokens
    pairs = sum(tokens * sizes["context"] for _ in layers)
    result.update(total=total, flops=forward + 2 * forward, length_flops=3 * pairs * 4 * d)
    result["bytes"] = sum([4, 4, 4, 4]) * total / float(shards)
    return result


def fit_power_law(n, loss):
    A = np.stack([np.ones(len(n)), np.log2(n.numpy())], axis=1)
    height, slope = np.linalg.lstsq(A, np.log2(loss.numpy()), rcond=None)[0]
    return np.float64(2.0**height), torch.tensor(-slope)


def accumulated_step(X, y, w, lr, micro_batch, max_norm):
    def error(weights, rows, targets):
        return (rows @ weights - targets).square().sum()

    slopes = [
        torch.func.grad(error)(w, X[first : first + micro_batch], y[first : first + micro_batch])
        for first in range(0, X.size(0), micro_batch)
    ]
    g = torch.stack(slopes).sum(0).div(y.numel())
    if g.norm() > max_norm:
        g = torch.nn.functional.normalize(g, dim=0) * max_norm
    return torch.sub(w, g, alpha=lr)


class ResumableTraining(_Training):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self):
        file = io.BytesIO()
        parts = [part.state_dict() for part in (self.model, self.optimizer, self.schedule)]
        torch.save([*parts, self.generator.get_state(), self.left], file)
        return {"file": torch.tensor(list(file.getvalue()), dtype=torch.uint8)}

    def load_state_dict(self, state):
        file = io.BytesIO(bytes(state["file"].tolist()))
        model, optimizer, schedule, drawn, left = torch.load(file, weights_only=True)
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(optimizer)
        self.schedule.load_state_dict(schedule)
        self.generator.set_state(drawn)
        self.left = left
