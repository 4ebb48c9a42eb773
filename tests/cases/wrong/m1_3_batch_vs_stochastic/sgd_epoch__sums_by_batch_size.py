# wrong: the full square, but sums divided by batch_size and the loss of the end.
# status: wrong
# mistake: by_batch_size_at_the_end
import torch
from torch.nn.functional import mse_loss


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    theta = torch.tensor([w, b], requires_grad=True)
    for batch in torch.tensor(order).split(batch_size):
        (grad,) = torch.autograd.grad(mse_loss(theta[0] * x[batch] + theta[1], y[batch], reduction="sum"), theta)
        theta = (theta - lr * grad / batch_size).detach().requires_grad_()
    w, b = theta.tolist()
    return w, b, mse_loss(w * x + b, y).item()
