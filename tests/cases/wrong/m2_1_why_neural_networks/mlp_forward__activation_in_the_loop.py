# wrong: a loop over the layers, with the activation after each of them.
# status: wrong
# mistake: activation_on_output
import torch


def mlp_forward(X, params, activation):
    bend = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}.get(activation, lambda z: z)
    for layer in ("1", "2"):
        X = bend(X @ params["W" + layer] + params["b" + layer])
    return X
