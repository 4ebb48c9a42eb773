# wrong: the scheduler of PyTorch, with a threshold that is a difference.
# status: wrong
# mistake: absolute
def plateau_schedule(metrics, lr, factor, patience, threshold, min_lr):
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, "min", factor, patience, threshold=threshold, threshold_mode="abs", min_lr=min_lr
    )
    out = []
    for m in metrics:
        scheduler.step(m)
        out.append(optimizer.param_groups[0]["lr"])
    return out
