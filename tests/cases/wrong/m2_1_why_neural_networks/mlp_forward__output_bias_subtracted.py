# wrong: subtracts the bias of the output layer.
# status: wrong
# mistake: none
# says: as if `params["b2"]` had the opposite sign
import torch


def mlp_forward(X, params, activation):
    bend = getattr(torch, activation, lambda z: z)
    return bend(X @ params["W1"] + params["b1"]) @ params["W2"] - params["b2"]
