# wrong: the entries of the shape in their order
# status: wrong
# mistake: exchanged
# says: it has a row for each output
def fans(shape):
    first, second, *kernel = shape
    for side in kernel:
        first, second = first * side, second * side
    return first, second
