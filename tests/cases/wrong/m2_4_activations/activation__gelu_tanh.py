# wrong: gelu with the approximation that many models use.
# status: wrong
# mistake: gelu_by_tanh
import torch.nn.functional as F


def activation(name, z):
    if name == "gelu":
        return F.gelu(z, approximate="tanh")
    return {"relu": F.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "swish": F.silu, "softplus": F.softplus}[name](z)
