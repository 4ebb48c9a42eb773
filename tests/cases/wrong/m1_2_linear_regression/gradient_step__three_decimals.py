# wrong: rounds where the step ends.
# status: wrong
# mistake: none
# says: the expected one rounded to 3 decimals.
import torch


def gradient_step(x, y, w, b, lr):
    theta = torch.tensor([w, b], requires_grad=True)
    torch.mean((y - theta[0] * x - theta[1]) ** 2).backward()
    theta = theta.detach() - lr * theta.grad
    return round(theta[0].item(), 3), round(theta[1].item(), 3)
