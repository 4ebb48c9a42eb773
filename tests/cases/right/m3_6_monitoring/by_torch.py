# right: tensors as results, mse_loss, StepLR and inference_mode
def diagnose(train, val):
    t, v = torch.tensor(train), torch.tensor(val)
    if not torch.cat([t, v]).isfinite().all():
        return "nan"
    if t[-1] > t[0]:
        return "diverged"
    if v[-1] > (v[0] + v.min()) / 2:
        return "overfitting"
    return "too slow" if 3 * t[len(t) // 2] > t[0] + 2 * t[-1] else "healthy"


def gradient_report(params, grads, lr):
    report = {}
    for name in params:
        norm, size = nn.utils.get_total_norm([grads[name]]), params[name].flatten().norm()
        ratio = torch.tensor(0.0) if norm == 0 else lr * norm / size
        if grads[name].isnan().any() or grads[name].isinf().any():
            flag = "nan"
        else:
            flag = "zero" if norm == 0 else "new" if size == 0 else "large" if ratio > 0.1 else "ok"
            flag = "small" if flag == "ok" and ratio < 1e-6 else flag
        report[name] = {"grad_norm": norm, "update_ratio": ratio, "flag": flag}
    return report


def overfit_one_batch(net, step, X, y, steps, goal):
    before = [p.clone() for p in net.parameters()]
    losses, verdict = [], "stuck"
    for _ in range(steps):
        loss = torch.as_tensor(step(X, y))
        losses.append(loss)
        if not loss.isfinite():
            verdict = "nan"
        elif loss <= goal:
            verdict = "passed"
        if verdict != "stuck":
            break
    pairs = zip(net.named_parameters(), before)
    return {"frozen": [name for (name, p), old in pairs if bool((p == old).all())], "losses": losses, "verdict": verdict}


def fix_the_loop(X, y, X_val, y_val, batch_size, lr, epochs):
    net = _make_net(X.shape[1])
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    train_losses, val_losses = torch.zeros(epochs), torch.zeros(epochs)
    for epoch in range(epochs):
        net.train()
        for inputs, targets in zip(X.split(batch_size), y.split(batch_size)):
            loss = nn.functional.mse_loss(net(inputs).reshape(-1), targets)
            train_losses[epoch] += loss.detach() * len(targets) / len(y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        schedule.step()
        net.eval()
        with torch.inference_mode():
            said = net(X_val).reshape(-1)
            val_losses[epoch] = nn.functional.mse_loss(said, y_val)
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": said}
