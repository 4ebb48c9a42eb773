# wrong: nn.Linear with Adam, the optimizer of most tutorials.
# status: wrong
# mistake: adam
import torch
from torch import nn


def training_step(x, y, w, b, lr):
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    loss = nn.MSELoss()(model(x.view(-1, 1)), y.view(-1, 1))
    loss.backward()
    optimizer.step()
    return {
        "loss": loss.item(),
        "grad_w": model.weight.grad.item(),
        "grad_b": model.bias.grad.item(),
        "w": model.weight.item(),
        "b": model.bias.item(),
    }
