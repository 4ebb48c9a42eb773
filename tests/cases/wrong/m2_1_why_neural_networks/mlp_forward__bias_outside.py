# wrong: adds the bias of the hidden layer after its activation.
# status: wrong
# mistake: b1_after_the_activation
import torch


def mlp_forward(X, params, activation):
    hidden = X.matmul(params["W1"])
    if activation == "relu":
        hidden[hidden < 0] = 0
    elif activation != "identity":
        hidden = getattr(hidden, activation)()
    return (hidden + params["b1"]).matmul(params["W2"]) + params["b2"]
