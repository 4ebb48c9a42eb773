# wrong: drops, and leaves the others as they are.
# status: wrong
# mistake: not_scaled
def dropout(h, mask, p, training):
    if training:
        return h.masked_fill(mask == 0, 0.0)
    return h
