# right: two leaves that are moved under no_grad, the gradients set to None.
import torch


def quiz():
    return {"q6": "c", "q5": "b", "q4": "b", "q3": "a", "q2": "b", "q1": "b"}


def train_line(x, y, w, b, lr, orders, batch_size):
    w_t = torch.tensor(w, requires_grad=True)
    b_t = torch.tensor(b, requires_grad=True)
    result = {"w": w, "b": b, "history": [], "status": "ok"}
    for order in orders:
        losses = []
        for idx in torch.tensor(order).split(batch_size):
            loss = (w_t * x[idx] + b_t - y[idx]).pow(2).mean()
            loss.backward()
            with torch.no_grad():
                w_t -= lr * w_t.grad
                b_t -= lr * b_t.grad
            w_t.grad = b_t.grad = None
            losses.append(loss.detach() * len(idx))
        mean = (sum(losses) / len(order)).item()
        first = result["history"][0] if result["history"] else mean
        if mean != mean or mean == float("inf") or mean > 1e6 * (first + 1):
            result["status"] = "diverged"
            return result
        result["w"], result["b"] = w_t.item(), b_t.item()
        result["history"].append(mean)
    return result
