# wrong: every kernel is taken for a square one
# status: wrong
# mistake: none
# says: A weight of shape (2, 3, 4) has 24 entries
def fans(shape):
    places = shape[2] ** 2 if len(shape) > 2 else 1
    return shape[1] * places, shape[0] * places
