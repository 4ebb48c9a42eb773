# wrong: clips the gradient to the length 1.
# status: wrong
# mistake: none
import torch


def training_step(x, y, w, b, lr):
    theta = torch.tensor([w, b], requires_grad=True)
    loss = ((theta[0] * x + theta[1] - y) ** 2).mean()
    loss.backward()
    slopes = theta.grad.tolist()
    torch.nn.utils.clip_grad_norm_([theta], 1.0)
    new_w, new_b = (theta - lr * theta.grad).tolist()
    return {"loss": loss.item(), "grad_w": slopes[0], "grad_b": slopes[1], "w": new_w, "b": new_b}
