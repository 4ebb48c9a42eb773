# right: the modules of torch.nn, in a global dict
import torch.nn as nn

MODULES = {"relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "swish": nn.SiLU(), "softplus": nn.Softplus(), "gelu": nn.GELU()}


def activation(name, z):
    return MODULES[name](z)


def activation_grad(name, z):
    z = z.detach().clone()
    z.requires_grad = True
    y = MODULES[name](z)
    y.backward(torch.ones_like(y))
    return z.grad
