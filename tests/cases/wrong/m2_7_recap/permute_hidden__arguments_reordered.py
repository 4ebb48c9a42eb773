# wrong: reorders the tensors of the caller
# status: wrong
# mistake: none
# says: changed its argument `params` in place
def permute_hidden(params, order):
    params["W1"][:] = params["W1"][:, order]
    params["b1"][:] = params["b1"][order]
    params["W2"][:] = params["W2"][order]
    return params
