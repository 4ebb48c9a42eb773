# wrong: copies W1 into nn.Linear as it is, where the shapes allow it.
# status: wrong
# mistake: w1_transposed
import torch


def mlp_forward(X, params, activation):
    bend = getattr(torch, activation, lambda z: z)
    z = torch.nn.functional.linear(X, params["W1"], params["b1"])
    return bend(z) @ params["W2"] + params["b2"]
