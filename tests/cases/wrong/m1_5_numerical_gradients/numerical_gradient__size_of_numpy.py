# wrong: theta.size is a method of a tensor.
# status: raised
# mistake: size_not_called
import torch


def numerical_gradient(f, theta, h=1e-5):
    grad = torch.zeros_like(theta)
    for i in range(theta.size):
        keep = theta[i].item()
        theta[i] = keep + h
        up = f(theta)
        theta[i] = keep - h
        down = f(theta)
        theta[i] = keep
        grad[i] = (up - down) / (2 * h)
    return grad
