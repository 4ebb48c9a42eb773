# right: torch.func.grad_and_value on a dict of parameters.
import torch
from torch.func import grad_and_value


def quiz():
    return {"q1": "b", "q2": "b", "q3": "a", "q4": "b", "q5": "b", "q6": "c"}


def train_line(x, y, w, b, lr, orders, batch_size):
    def mse(params, xb, yb):
        return torch.nn.functional.mse_loss(params["w"] * xb + params["b"], yb)

    grad = grad_and_value(mse)
    params = {"w": torch.tensor(w), "b": torch.tensor(b)}
    history, status = [], "ok"
    for order in orders:
        trial, total = params, torch.tensor(0.0)
        for batch in map(list, [order[i : i + batch_size] for i in range(0, len(order), batch_size)]):
            slopes, loss = grad(trial, x[batch], y[batch])
            trial = {name: value - lr * slopes[name] for name, value in trial.items()}
            total = total + loss * len(batch)
        mean = total / len(order)
        if not mean.isfinite() or (history and mean > 1e6 * (history[0] + 1)):
            status = "diverged"
            break
        params, history = trial, [*history, mean.item()]
    return {"w": params["w"].item(), "b": params["b"].item(), "history": history, "status": status}
