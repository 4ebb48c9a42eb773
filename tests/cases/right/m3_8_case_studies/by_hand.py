# right: plain Python, per-sample gradients of vmap, and a checkpoint whose parts are copied one by one
import math


def training_budget(sizes, tied, tokens, shards):
    V, d, L, f, T = sizes["vocab"], sizes["d_model"], sizes["n_layers"], sizes["d_ff"], sizes["context"]
    embedding, head = V * d, 0
    if not tied:
        head = V * d
    attention, mlp, norms = L * (d * d * 3 + d * d), L * (d * f + f * d), L * (d + d) + d
    N = embedding + attention + mlp + norms + head
    flops, length = 0, 0
    for _ in range(tokens):
        flops += 6 * N
        length += 3 * L * T * 4 * d
    return dict(
        embedding=embedding, attention=attention, mlp=mlp, norms=norms, head=head, total=N,
        flops=flops, length_flops=length, bytes=N / shards * 16,
    )


def fit_power_law(n, loss):
    xs, ys = [math.log(v) for v in n.tolist()], [math.log(v) for v in loss.tolist()]
    K, sx, sy = len(xs), math.fsum(xs), math.fsum(ys)
    sxy, sxx = math.fsum(x * y for x, y in zip(xs, ys)), math.fsum(x * x for x in xs)
    alpha = (sx * sy - K * sxy) / (K * sxx - sx**2)
    return math.e ** ((sy + alpha * sx) / K), alpha


def accumulated_step(X, y, w, lr, micro_batch, max_norm):
    def slope(row, target):
        return 2 * (torch.dot(row, w) - target) * row

    total = sum(torch.vmap(slope)(rows, t).sum(0) for rows, t in zip(X.split(micro_batch), y.split(micro_batch)))
    mean = (total / len(y)).tolist()
    length = math.hypot(*mean)
    short = max_norm / length if length > max_norm else 1
    return torch.tensor([value - lr * short * part for value, part in zip(w.tolist(), mean)])


class ResumableTraining(_Training):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self):
        adam = self.optimizer.state_dict()
        return {
            "weights": {name: value.clone() for name, value in self.model.state_dict().items()},
            "averages": {i: {k: v.clone() for k, v in kept.items()} for i, kept in adam["state"].items()},
            "groups": [dict(group) for group in adam["param_groups"]],
            "schedule": dict(self.schedule.state_dict()),
            "generator": self.generator.get_state(),
            "left": list(self.left),
        }

    def load_state_dict(self, state):
        with torch.no_grad():
            for name, value in self.model.named_parameters():
                value.copy_(state["weights"][name])
        averages = {i: {k: v.clone() for k, v in kept.items()} for i, kept in state["averages"].items()}
        self.optimizer.load_state_dict({"state": averages, "param_groups": state["groups"]})
        self.schedule.load_state_dict(state["schedule"])
        self.generator.set_state(state["generator"])
        self.left = list(state["left"])
