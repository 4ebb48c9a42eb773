# wrong: copies the dict and moves what stands before the activation
# status: wrong
# mistake: outgoing_weights_left
def permute_hidden(params, order):
    new = dict(params)
    new["W1"] = torch.stack([params["W1"][:, j] for j in order], dim=1)
    new["b1"] = torch.stack([params["b1"][j] for j in order])
    return new
