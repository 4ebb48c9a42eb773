# right: plain Python and NumPy: nested lists, a backward pass by hand in float64, and one flat vector of parameters
import numpy as np


def quiz():
    return {"Q1": "D)", "q2": "b", "q3": "B", "q4": "(a)", "q5": "c", "q6": "d.", "q7": "c"}


def lora_forward(x, W, A, B, alpha):
    r, out = len(A), []
    for row in x.tolist():
        narrow = [sum(a * v for a, v in zip(ak, row)) for ak in A.tolist()]
        out.append([sum(w * v for w, v in zip(wo, row)) + alpha / r * sum(b * z for b, z in zip(bo, narrow)) for wo, bo in zip(W.tolist(), B.tolist())])
    return torch.tensor(out)


def dpo_loss(policy_chosen, policy_rejected, reference_chosen, reference_rejected, beta):
    chosen, rejected = beta * (policy_chosen - reference_chosen), beta * (policy_rejected - reference_rejected)
    top = torch.maximum(chosen, rejected)
    total = torch.exp(chosen - top) + torch.exp(rejected - top)
    losses = top + total.log() - chosen
    return losses.sum() / losses.numel(), -beta * (torch.exp(rejected - top) / total) / losses.numel()


def fine_tune(params, trainable, X, Y, config):
    names = ["W1", "b1", "W2", "b2"]
    shapes = [tuple(params[k].shape) for k in names]
    theta = np.concatenate([params[k].double().numpy().ravel() for k in names])
    free = np.concatenate([np.full(params[k].numel(), k in trainable) for k in names])
    decays = np.concatenate([np.full(params[k].numel(), k in trainable and k in ("W1", "W2")) for k in names])
    X, Y = X.double().numpy(), Y.double().numpy()
    cut = len(X) - len(X) // 4
    m, v = np.zeros_like(theta), np.zeros_like(theta)

    def split(flat):
        parts, i = {}, 0
        for k, shape in zip(names, shapes):
            size = int(np.prod(shape))
            parts[k] = flat[i : i + size].reshape(shape)
            i += size
        return parts

    path, train, val, t = [], [], [], 0
    while True:
        p = split(theta)
        h = np.tanh(X @ p["W1"] + p["b1"])
        e = h @ p["W2"] + p["b2"] - Y
        path.append(theta)
        train.append(float((e[:cut] ** 2).mean()))
        val.append(float((e[cut:] ** 2).mean()))
        best = val.index(min(val))
        if t == config["steps"] or t - best >= config["patience"]:
            break
        d = 2 * e[:cut] / e[:cut].size
        dh = (d @ p["W2"].T) * (1 - h[:cut] ** 2)
        g = np.concatenate([a.ravel() for a in (X[:cut].T @ dh, dh.sum(0), h[:cut].T @ d, d.sum(0))]) * free
        g = g / max(1.0, np.linalg.norm(g) / config["max_norm"])
        w, n = config["warmup"], config["steps"]
        lr = config["lr"] * ((t + 1) / (w + 1) if t < w else np.cos(np.pi / 2 * (t - w) / (n - w)) ** 2)
        t += 1
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        theta = theta * (1 - lr * config["weight_decay"] * decays) - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    result = {k: torch.tensor(part, dtype=torch.float32) if k in trainable else params[k].clone() for k, part in split(path[best]).items()}
    return {"params": result, "train_losses": train, "val_losses": val, "best_step": best}
