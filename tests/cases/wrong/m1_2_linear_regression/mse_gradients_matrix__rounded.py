# wrong: torch.round to four decimals, as a printed tensor looks.
# status: wrong
# mistake: rounded_to_4
import torch


def mse_gradients_matrix(X, y, w, b):
    w = w.clone().requires_grad_()
    b = torch.tensor(b, requires_grad=True)
    torch.nn.functional.mse_loss(torch.mv(X, w) + b, y).backward()
    return torch.round(w.grad, decimals=4), torch.round(b.grad, decimals=4).item()
