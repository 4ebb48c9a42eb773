# wrong: rounds everything for a tidy printout.
# status: wrong
# mistake: rounded_to_3
# says: You round to 3 decimals
import torch


def training_step(x, y, w, b, lr):
    w = torch.tensor(w, requires_grad=True)
    b = torch.tensor(b, requires_grad=True)
    loss = torch.nn.functional.mse_loss(w * x + b, y)
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    values = {"loss": loss, "grad_w": w.grad, "grad_b": b.grad, "w": w, "b": b}
    return {key: round(value.item(), 3) for key, value in values.items()}
