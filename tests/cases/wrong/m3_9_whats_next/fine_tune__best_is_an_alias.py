# wrong: the best parameters are saved as a reference to tensors that later steps change in place
# status: wrong
# mistake: returns_the_last
# says: your
def fine_tune(params, trainable, X, Y, config):
    p = {k: v.clone() for k, v in params.items()}
    state = {k: (torch.zeros_like(v), torch.zeros_like(v)) for k, v in p.items()}
    cut, train, val, best, best_step = len(X) - len(X) // 4, [], [], None, 0
    for t in range(config["steps"] + 1):
        for k in p:
            p[k].requires_grad_(k in trainable)
        e = (torch.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"] - Y) ** 2
        train.append(e[:cut].mean().item())
        val.append(e[cut:].mean().item())
        if best is None or val[-1] < min(val[:-1]):
            best, best_step = p, t
        if t == config["steps"] or t - best_step == config["patience"]:
            break
        if not trainable:
            continue
        grads = torch.autograd.grad(e[:cut].mean(), [p[k] for k in trainable])
        norm = torch.cat([g.flatten() for g in grads]).norm()
        lr = _warmup_cosine(t, config["lr"], config["warmup"], config["steps"])
        with torch.no_grad():
            for k, g in zip(trainable, grads):
                g = g * min(1.0, config["max_norm"] / (norm.item() + 1e-12))
                kept = p[k] * (1 - lr * config["weight_decay"]) if k[0] == "W" else p[k]
                new, *state[k] = _adam_step(kept, g, *state[k], t + 1, lr)
                p[k].copy_(new)
    return {"params": {k: v.detach() for k, v in best.items()}, "train_losses": train, "val_losses": val, "best_step": best_step}
