# wrong: nn.Linear with Adam.
# status: wrong
# mistake: adam
import torch
from torch import nn


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, w)
    nn.init.constant_(model.bias, b)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    running = 0.0
    for batch in (order[i : i + batch_size] for i in range(0, len(order), batch_size)):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[batch, None]), y[batch, None])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(batch)
    return model.weight.item(), model.bias.item(), running / len(x)
