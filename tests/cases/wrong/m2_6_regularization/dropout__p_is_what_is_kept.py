# wrong: takes p for the probability of being kept.
# status: wrong
# mistake: divided_by_p
def dropout(h, mask, p, training):
    if not training:
        return h
    return h / p * mask
