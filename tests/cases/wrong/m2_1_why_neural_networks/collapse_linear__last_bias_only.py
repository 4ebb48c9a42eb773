# wrong: believes that the first bias is lost in the second layer.
# status: wrong
# mistake: only_b2
def collapse_linear(W1, b1, W2, b2):
    W = W1.unsqueeze(2) * W2.unsqueeze(0)
    return W.sum(dim=1), b2 * 1
