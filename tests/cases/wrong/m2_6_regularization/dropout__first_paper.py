# wrong: the form of 2014, which scales in evaluation.
# status: wrong
# mistake: scaled_in_evaluation
def dropout(h, mask, p, training=True):
    return mask * h if training else (1 - p) * h
