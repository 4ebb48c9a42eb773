# right: a layer nn.Linear(1, 1), drawn from the global generator and then set to the start, trained by SGD in float32.
import torch
from torch import Tensor, nn


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(w_start)
        model.bias.fill_(b_start)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    inputs, targets = x.float().unsqueeze(1), y.float().unsqueeze(1)

    path = [(model.weight.item(), model.bias.item())]
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(model(inputs), targets).backward()
        optimizer.step()
        path.append((model.weight.item(), model.bias.item()))
    return path
