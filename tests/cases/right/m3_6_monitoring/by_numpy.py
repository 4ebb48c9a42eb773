# right: NumPy, shares that are divided out, and double precision inside
import copy

import numpy as np


def diagnose(train, val):
    t, v = np.asarray(train), np.asarray(val)
    if not np.isfinite(t + v).all():
        return "nan"
    if t[-1] > t[0]:
        return "diverged"
    best = v.argmin()
    if (v[-1] - v[best]) / max(v[0] - v[best], 1e-12) > 0.5:
        return "overfitting"
    half = (len(t) - 1) // 2
    return "too slow" if (t[half] - t[-1]) / (t[0] - t[half]) > 0.5 else "healthy"


def gradient_report(params, grads, lr):
    report = {}
    for name, p in params.items():
        g = grads[name].double().numpy()
        norm, size = np.linalg.norm(g.ravel()), np.linalg.norm(p.numpy().ravel())
        with np.errstate(all="ignore"):
            ratio = np.float64(0) if norm == 0 else lr * norm / np.float64(size)
        names = ["nan", "zero", "new", "large", "small", "ok"]
        fits = [not np.isfinite(g).all(), norm == 0, size == 0, ratio > 0.1, ratio < 1e-6, True]
        report[name] = {"grad_norm": norm, "update_ratio": ratio, "flag": names[fits.index(True)]}
    return report


def overfit_one_batch(net, step, X, y, steps, goal):
    before = {name: p.detach().numpy().copy() for name, p in net.named_parameters()}
    losses = np.array([])
    verdict = None
    while verdict is None:
        losses = np.append(losses, step(X, y))
        if not np.isfinite(losses[-1]):
            verdict = "nan"
        elif losses[-1] <= goal:
            verdict = "passed"
        elif len(losses) == steps:
            verdict = "stuck"
    frozen = [name for name, p in net.named_parameters() if np.array_equal(p.detach().numpy(), before[name])]
    return {"verdict": verdict, "losses": losses.tolist(), "frozen": frozen}


def fix_the_loop(X, y, X_val, y_val, batch_size, lr, epochs):
    net = copy.deepcopy(_make_net(X.shape[1])).double()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    train_losses, val_losses, said = [], [], None
    for _ in range(epochs):
        net.train(True)
        squares = []
        for inputs, targets in zip(X.double().split(batch_size), y.double().split(batch_size)):
            errors = net(inputs) - targets[:, None]
            net.zero_grad()
            (errors**2).mean().backward()
            optimizer.step()
            squares += (errors.detach() ** 2).flatten().tolist()
        optimizer.param_groups[0]["lr"] *= 0.5
        train_losses.append(np.mean(squares))
        said = net.train(False)(X_val.double()).detach()[:, 0]
        val_losses.append(float(((said - y_val) ** 2).mean()))
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": said}
