# wrong: the copy that is read is the one that is written
# status: wrong
# mistake: read_after_writing
# says: so some units occur twice and others are lost
def permute_hidden(params, order):
    new = {k: v.clone() for k, v in params.items()}
    for place, unit in enumerate(order):
        new["W1"][:, place] = new["W1"][:, unit]
        new["b1"][place] = new["b1"][unit]
        new["W2"][place] = new["W2"][unit]
    return new
