# wrong: leaky ReLU for relu.
# status: wrong
# mistake: leaky
import torch.nn.functional as F


def activation(name, z):
    functions = {"relu": F.leaky_relu, "sigmoid": F.sigmoid, "tanh": F.tanh, "swish": F.silu, "softplus": F.softplus, "gelu": F.gelu}
    return functions[name](z)
