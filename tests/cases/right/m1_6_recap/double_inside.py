# right: everything in float64, with index_select and einsum; for ... else ends the training.
import torch


def quiz():
    letters = "b b a b b c".split()
    return {f"q{n}": letters[n - 1] for n in (1, 2, 3, 4, 5, 6)}


def train_line(x, y, w, b, lr, orders, batch_size):
    data = torch.stack([x, torch.ones_like(x), y]).double()
    theta = torch.tensor([w, b], dtype=torch.float64)
    history = []
    for order in orders:
        moved, total = theta.clone(), 0.0
        for batch in torch.split(torch.as_tensor(order), batch_size):
            part = data.index_select(1, batch)
            error = torch.einsum("k,kn->n", moved, part[:2]) - part[2]
            total += error.square().sum().item()
            moved -= lr * 2 / len(batch) * torch.einsum("kn,n->k", part[:2], error)
        loss = total / len(order)
        if not loss < float("inf") or loss > 1e6 * ((history[0] if history else loss) + 1):
            status = "diverged"
            break
        theta = moved
        history.append(loss)
    else:
        status = "ok"
    return {"w": theta[0].item(), "b": theta[1].item(), "history": history, "status": status}
