# wrong: the gradients of frozen parameters count for the norm
# status: wrong
# mistake: clips_with_the_frozen
# says: clip what
def fine_tune(params, trainable, X, Y, config):
    net = {k: torch.nn.Parameter(v.clone()) for k, v in params.items()}
    state = {k: (torch.zeros_like(v), torch.zeros_like(v)) for k, v in params.items()}
    n, train, val, copies = len(X) // 4, [], [], []
    for t in range(config["steps"] + 1):
        out = torch.tanh(X @ net["W1"] + net["b1"]) @ net["W2"] + net["b2"]
        loss = torch.nn.functional.mse_loss(out[:-n], Y[:-n])
        train.append(loss.item())
        val.append(torch.nn.functional.mse_loss(out[-n:], Y[-n:]).item())
        copies.append({k: v.detach().clone() for k, v in net.items()})
        best = val.index(min(val))
        if t == config["steps"] or t - best == config["patience"]:
            break
        for v in net.values():
            v.grad = None
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.values(), config["max_norm"])
        lr = _warmup_cosine(t, config["lr"], config["warmup"], config["steps"])
        for k in trainable:
            decay = config["weight_decay"] if k[0] == "W" else 0
            new, *state[k] = _adam_step(net[k].data * (1 - lr * decay), net[k].grad, *state[k], t + 1, lr)
            net[k].data = new
    return {"params": copies[best], "train_losses": train, "val_losses": val, "best_step": best}
