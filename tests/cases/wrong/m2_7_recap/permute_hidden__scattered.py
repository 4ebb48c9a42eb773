# wrong: writes unit j to place order[j], with an index on the left of the assignment
# status: wrong
# mistake: inverse_order
def permute_hidden(params, order):
    new = {k: torch.empty_like(v) for k, v in params.items()}
    new["W1"][:, order] = params["W1"]
    new["b1"][order] = params["b1"]
    new["W2"][order] = params["W2"]
    new["b2"] = params["b2"].clone()
    return new
