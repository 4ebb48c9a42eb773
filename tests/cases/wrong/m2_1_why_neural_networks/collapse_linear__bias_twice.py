# wrong: counts the bias of the second layer twice.
# status: wrong
# mistake: none
# says: as if `b2` were twice as large
def collapse_linear(W1, b1, W2, b2):
    return W1.mm(W2), b1 @ W2 + b2 + b2
