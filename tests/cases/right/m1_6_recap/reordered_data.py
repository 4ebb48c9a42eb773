# right: the data are brought into the order first and cut by split; losses are kept in a tensor.
import torch


def quiz():
    return {"q" + str(n): "bbabbc"[n - 1] for n in range(1, 7)}


def train_line(x, y, w, b, lr, orders, batch_size):
    history = torch.zeros(0)
    status = "ok"
    for order in orders:
        at_start = (w, b)
        squares = []
        for xb, yb in zip(x[order].split(batch_size), y[order].split(batch_size)):
            residual = w * xb + b - yb
            squares.append(residual.square())
            w, b = w - 2 * lr * (residual * xb).mean(), b - 2 * lr * residual.mean()
        loss = torch.cat(squares).mean()
        base = history[0] if len(history) else loss
        if bool(~torch.isfinite(loss)) or bool(loss > 1e6 * (base + 1)):
            (w, b), status = at_start, "diverged"
            break
        history = torch.cat([history, loss.reshape(1)])
    return {"w": float(w), "b": float(b), "history": history.tolist(), "status": status}
