# wrong: rounds the losses that it keeps, and nothing else.
# status: wrong
# mistake: losses_rounded_to_4
import torch


def train(x, y, w, b, lr, steps):
    theta = torch.tensor([w, b], requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    history = []
    for _ in range(steps):
        loss = (theta[0] * x + theta[1] - y).pow(2).mean()
        history.append(round(loss.item(), 4))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    w, b = theta.detach()
    return {"w": w, "b": b, "losses": history}
